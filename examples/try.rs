fn main(){ let f=std::env::args().nth(1).unwrap(); let t=std::fs::read_to_string(&f).unwrap();
 match onward::syntax::format(0,&t){Ok(s)=>print!("{s}"),Err(e)=>{ let src=onward::diagnostic::Source::new(f,t); println!("{}",onward::diagnostic::Report::new(vec![src],e.clone())); for x in e {println!("   help {:?}",x.help);}}}}
