//! `onward schema`: the JSON Schema of what is saved and read as JSON, for those who write it with other programs.

use crate::said::{Exit, Format, Said, Stop};

/// Of what.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// `case` for a saved case, `person` for a person file, `record` for what is known about a person outside any case
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
}

/// What there is a schema of.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// A saved case
    Case,
    /// A person file
    Person,
    /// What is known about a person outside any case
    Record,
}

/// Prints a schema.
pub fn run(args: &Args, _: Format) -> Result<Said, Stop> {
    let schema = match args.what {
        What::Case => onward::schema::case(),
        What::Person => onward::schema::person_file(),
        What::Record => onward::schema::person_record(),
    };
    Said::json(&schema, Exit::Fine)
}
