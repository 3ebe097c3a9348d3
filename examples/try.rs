fn main(){ let f=std::env::args().nth(1).unwrap(); let t=std::fs::read_to_string(&f).unwrap();
 match onward::syntax::format(0,&t){Ok(s)=>if s!=t {print!("{s}")},Err(e)=>{ let src=onward::diagnostic::Source::new(f.clone(),t.clone()); println!("{}",onward::diagnostic::Report::new(vec![src],e.clone())); for x in e {println!("   help {:?}",x.help);}}}
 match onward::Library::compile(vec![onward::Source::new(f,t)]) { Err(r)=>{println!("{r}"); for x in r.findings {println!("   help {:?}",x.help);}}, Ok(l)=>{ println!("{}",l.report()); for s in l.scenarios(){ let r=onward::engine::run_scenario(&l,s); println!("{}: {:?}",s.title,r.failure); if let Some(c)=r.case { println!("{}", serde_json::to_string_pretty(c.record()).unwrap()); } } } }
}
