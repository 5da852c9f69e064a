//! The command line. Every setting is an option of every command.

use clap::{Arg, ArgAction, ArgMatches, Command};
use server::config::{Config, OPTIONS, Wrong};
use server::service::seed;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A command with its settings.
pub(crate) struct Call {
    pub(crate) config: Config,
    pub(crate) action: Action,
    pub(crate) json: bool,
    /// Where each setting came from, for `config`.
    pub(crate) flags: BTreeMap<&'static str, String>,
}

pub(crate) enum Action {
    Serve,
    Migrate,
    AdminCreate { email: String, name: Option<String> },
    TokenCreate { email: String, name: String, scopes: Vec<String>, days: u32 },
    Demo,
    Seed(seed::Plan),
    CheckInvariants,
    OpenApi,
    Config,
}

/// Reads the command line and the settings.
///
/// # Errors
/// A setting that cannot be used. A command line that makes no sense ends the program with its usage.
pub(crate) fn read() -> Result<Call, Wrong> {
    let matches = command().get_matches();
    let flags = flags(&matches);
    let environment = std::env::vars().filter(|(name, _)| name.starts_with("GUILDHALL_")).collect();
    let config = Config::load(&flags, &environment)?;
    Ok(Call { config, action: action(&matches), json: matches.get_flag("json"), flags })
}

fn command() -> Command {
    let text = |name: &'static str, help: &'static str| Arg::new(name).long(name).help(help);
    let number =
        |name, help, range: RangeInclusive<u64>| text(name, help).value_parser(clap::value_parser!(u64).range(range));
    let email = || text("email", "Address of the account").required(true);
    let mut program = Command::new("guildhall")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Self-hosted organization management")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(Arg::new("config-file").long("config").global(true).value_name("FILE").help("TOML file with settings"))
        .arg(Arg::new("json").long("json").global(true).action(ArgAction::SetTrue).help("Results and errors as JSON"))
        .subcommand(Command::new("serve").about("Migrates, then serves pages and API until it is told to stop"))
        .subcommand(Command::new("migrate").about("Brings the database's schema up to date"))
        .subcommand(
            Command::new("admin").about("Platform administrators").subcommand_required(true).subcommand(
                Command::new("create")
                    .about("Makes or promotes a platform administrator")
                    .arg(email())
                    .arg(text("name", "Full name"))
                    .arg(
                        Arg::new("password-stdin")
                            .long("password-stdin")
                            .required(true)
                            .action(ArgAction::SetTrue)
                            .help("Reads the password from standard input"),
                    ),
            ),
        )
        .subcommand(
            Command::new("token").about("Access tokens").subcommand_required(true).subcommand(
                Command::new("create")
                    .about("Prints a new personal token, once")
                    .arg(email())
                    .arg(text("name", "What the token is for").required(true))
                    .arg(text("scopes", "Scopes, separated by commas").required(true).value_delimiter(','))
                    .arg(
                        text("expires-in-days", "Life of the token, 1 to 365")
                            .default_value("90")
                            .value_parser(clap::value_parser!(u32)),
                    ),
            ),
        )
        .subcommand(Command::new("demo").about("Fills an empty database with believable organizations"))
        .subcommand(
            Command::new("seed")
                .about("Makes one organization of any size, to measure with")
                .arg(number("members", "How many members it has, with its owner", 1..=10_000_000).required(true))
                .arg(number("teams", "How many teams", 0..=500).default_value("0"))
                .arg(number("invitations", "How many open invitations", 0..=100_000).default_value("0"))
                .arg(text("slug", "Its slug").required(true))
                .arg(text("owner", "Address of its owner; the account is made if there is none").required(true)),
        )
        .subcommand(Command::new("check-invariants").about("Looks for rows that break a rule"))
        .subcommand(Command::new("openapi").about("Prints the OpenAPI document of the JSON API"))
        .subcommand(Command::new("config").about("Prints the settings and where each came from"));
    for option in OPTIONS {
        let mut arg = Arg::new(option.name)
            .long(option.name.replace('_', "-"))
            .global(true)
            .value_name("VALUE")
            .help(option.help)
            .help_heading("Settings");
        if let Some(default) = option.default {
            arg = arg.help(format!("{} [default: {default}]", option.help));
        }
        program = program.arg(arg);
    }
    program
}

fn flags(matches: &ArgMatches) -> BTreeMap<&'static str, String> {
    let settings = OPTIONS.iter().filter_map(|option| {
        let value = matches.get_one::<String>(option.name)?;
        Some((option.name, value.clone()))
    });
    let file = matches.get_one::<String>("config-file").map(|file| ("config", file.clone()));
    settings.chain(file).collect()
}

fn action(matches: &ArgMatches) -> Action {
    let one = |matches: &ArgMatches, name: &str| matches.get_one::<String>(name).cloned();
    match matches.subcommand() {
        Some(("migrate", _)) => Action::Migrate,
        Some(("demo", _)) => Action::Demo,
        Some(("seed", args)) => {
            let number = |name| args.get_one::<u64>(name).copied().unwrap_or_default();
            Action::Seed(seed::Plan {
                members: number("members"),
                teams: number("teams"),
                invitations: number("invitations"),
                slug: one(args, "slug").unwrap_or_default(),
                owner: one(args, "owner").unwrap_or_default(),
            })
        }
        Some(("check-invariants", _)) => Action::CheckInvariants,
        Some(("openapi", _)) => Action::OpenApi,
        Some(("config", _)) => Action::Config,
        Some(("admin", below)) => {
            let args = below.subcommand().map_or(below, |(_, args)| args);
            Action::AdminCreate { email: one(args, "email").unwrap_or_default(), name: one(args, "name") }
        }
        Some(("token", below)) => {
            let args = below.subcommand().map_or(below, |(_, args)| args);
            Action::TokenCreate {
                email: one(args, "email").unwrap_or_default(),
                name: one(args, "name").unwrap_or_default(),
                scopes: args.get_many::<String>("scopes").into_iter().flatten().cloned().collect(),
                days: args.get_one::<u32>("expires-in-days").copied().unwrap_or(90),
            }
        }
        _ => Action::Serve,
    }
}
