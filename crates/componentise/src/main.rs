//! `onward-componentise [--model] MODULE COMPONENT`: writes the component of a module, and says what it is. With `--model`
//! it is a risk model, and else the engine.

use onward_componentise::{Which, component, hash, wrong};
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).peekable();
    let which = if arguments.next_if(|it| it == "--model").is_some() { Which::Model } else { Which::Engine };
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        eprintln!("onward-componentise [--model] MODULE COMPONENT");
        return ExitCode::from(2);
    };
    let file = |file: &OsString, error: std::io::Error| format!("{}: {error}", file.display());
    let made = std::fs::read(&from).map_err(|error| file(&from, error)).and_then(|module| {
        let not_right = |what: String| format!("the component is not as it should be: {what}");
        let component = component(&module).map_err(not_right)?;
        let wrong = wrong(&component, which);
        if !wrong.is_empty() {
            return Err(not_right(wrong.join("; ")));
        }
        std::fs::write(&to, &component).map_err(|error| file(&to, error))?;
        Ok(component)
    });
    match made {
        Ok(component) => {
            println!("{} bytes, sha256 {}", component.len(), hash(&component));
            ExitCode::SUCCESS
        }
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}
