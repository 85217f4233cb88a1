//! The program: everything it can do stands in `server::command`.

fn main() -> std::process::ExitCode {
    server::command::main()
}
