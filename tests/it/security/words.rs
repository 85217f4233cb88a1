//! Words that travel: into mails, into pages, into parsers.

use super::*;

both_engines! {
    /// A name from a file becomes no header of a mail, and no second receiver.
    async fn a_name_is_no_header(town) {
        let evil = "新井\r\nBcc: evil@example.com\r\nX-Evil: 1\r\n\r\n<html>";
        let csv = format!("氏名,メール\n\"{evil}\",arai@example.jp\n\"\"\"Arai\"\" <evil@example.com>,\",second@example.jp\n=?utf-8?q?x=0D=0ABcc:_evil=40example.com?=,third@example.jp\n");
        let sato = town.browser_of("sato");
        let reply = sato.upload("/staff/people/import", csv.as_bytes(), &[("do", "carry-out")]).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.page());
        sato.post("/staff/people/invite", &[]).await;
        town.run_jobs().await;
        let mails = town.mail().mails();
        assert_eq!(mails.len(), 3);
        for mail in &mails {
            assert!(mail.to.ends_with("@example.jp"), "{}", mail.to);
            let raw = String::from_utf8_lossy(&mail.raw);
            let head = raw.split("\r\n\r\n").next().unwrap();
            for line in head.split("\r\n").filter(|it| !it.starts_with([' ', '\t'])) {
                let name = line.split(':').next().unwrap().to_ascii_lowercase();
                assert!(!["bcc", "cc", "x-evil"].contains(&name.as_str()), "{head}");
            }
            assert_eq!(head.matches("\r\nTo: ").count() + usize::from(head.starts_with("To: ")), 1, "{head}");
        }
    }

    /// Letters that look or fold alike never send one person's code to another mailbox.
    async fn look_alike_addresses_reach_nobody(town) {
        // Dotless i, Kelvin sign, Cyrillic а, a zero-width joiner, a second @, a comment, a percent, a bidirectional override.
        let alike = ["m\u{131}o@example.jp", "\u{430}oi@example.jp", "a\u{200d}oi@example.jp", "aoi@example.jp@evil.example", "aoi@evil.example(@example.jp)", "aoi%example.jp@evil.example", "aoi@example.jp,evil@evil.example", "aoi@example.jp\r\nBcc: evil@evil.example", "aoi@example.jp\0evil", "\"aoi\"@example.jp", "aoi@example.jp.", "aoi@ex\u{e4}mple.jp", "ren+aoi@example.jp"];
        for address in alike {
            town.visitor().post("/sign-in", &[("email", address)]).await;
        }
        // These are hers, however they are typed: the mail goes where the company wrote it down, not where it was typed.
        for address in ["ＡＯＩ＠example.jp", " aoi@EXAMPLE.jp\u{3000}"] {
            town.visitor().post("/sign-in", &[("email", address)]).await;
        }
        town.run_jobs().await;
        let mails = town.mail().mails();
        assert_eq!(mails.iter().map(|it| it.to.as_str()).collect::<Vec<_>>(), ["aoi@example.jp"; 2]);
    }

    /// A million brackets are no stack overflow; numbers, texts and lists beyond all measure are no fault.
    async fn no_body_is_too_strange(town) {
        let browser = town.browser_of("aoi");
        let device = DeviceId::random(town.chance());
        let whole = |body: &str| format!("{{\"protocol\":1,\"device\":\"{device}\",\"mutations\":[{{\"n\":1,\"id\":\"{}\",\"at\":0,\"name\":\"booking.ask.v1\",\"body\":{body}}}]}}", MutationId::random(town.chance()));
        let deep = |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
        let bodies = [
            deep("[", "]", 120_000),
            deep("{\"a\":", "}", 30_000),
            "[".repeat(200_000),
            whole(&deep("[", "]", 100_000)),
            whole(&format!("{{\"booking\":{}}}", deep("[", "]", 100_000))),
            whole("1e999999"),
            whole("{\"booking\":\"\\ud800\"}"),
            format!("{{\"protocol\":1e400,\"device\":\"{device}\"}}"),
            format!("{{\"protocol\":1,\"device\":\"{device}\",\"device\":\"{device}\"}}"),
            format!("{{\"protocol\":1,\"device\":\"{device}\",\"want\":[{}\"x\"]}}", "\"people\",".repeat(20_000)),
            format!("{{\"protocol\":1,\"device\":\"{device}\",\"cursor\":\"{}\"}}", ".".repeat(200_000)),
            "\u{feff}{}".to_owned(),
            String::new(),
        ];
        let before = town.count("select count(*) from feed").await;
        for body in bodies {
            let shown: String = body.chars().take(60).collect();
            let reply = post(&browser, body.into_bytes()).await;
            assert!(reply.status.as_u16() < 500, "{shown}: {}", reply.status);
        }
        assert_eq!(town.count("select count(*) from feed").await, before);
    }

    /// A file of nothing but commas, or of nothing but mistakes, costs no more than a long one.
    async fn no_file_is_too_strange(town) {
        let sato = town.browser_of("sato");
        let mut wide = vec![b','; 4 << 20];
        wide.extend_from_slice(b"\n1\n");
        let long = format!("氏名,メール\n{}", "x\n".repeat(30_000));
        let zip = [b"PK\x03\x04".as_slice(), &[0x9c; 4_000]].concat();
        for file in [wide, long.into_bytes(), zip, vec![b'"'; 1 << 20], vec![b'\n'; 4 << 20]] {
            let reply = sato.upload("/staff/people/import", &file, &[("do", "carry-out")]).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(reply.body.len() < 2 << 20, "{} bytes of answer", reply.body.len());
        }
        assert_eq!(town.count("select count(*) from imports").await, 1, "only the town's own");
    }
}

/// A meeting link is shown, never followed: nothing in the server opens a connection but the one to the mail server and
/// to the database, whose addresses are the operator's.
#[test]
fn the_server_fetches_nothing() {
    let lock = std::fs::read_to_string(tests::folder::root().join("Cargo.lock")).unwrap();
    for client in [
        "reqwest",
        "ureq",
        "isahc",
        "curl",
        "hyper-rustls",
        "hyper-tls",
        "attohttpc",
        "surf",
    ] {
        assert!(
            !lock.contains(&format!("name = \"{client}\"\n")),
            "{client} is a client of HTTP"
        );
    }
    let mut found = Vec::new();
    let mut folders = vec![tests::folder::root().join("server/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            // Backups of PostgreSQL are made by its own program, from the command line; traces go to the one address that
            // whoever operates the server gave. Nothing that a request says gets to either.
            let is_known = ["tests.rs", "db/copy.rs", "src/trace.rs"]
                .iter()
                .any(|it| path.ends_with(it));
            let opens = [
                "TcpStream::connect",
                "UnixStream::connect",
                "lookup_host",
                "UdpSocket",
                "hyper::client",
                "client::conn",
                "Command::new",
            ];
            found.extend(
                opens
                    .iter()
                    .filter(|it| !is_known && text.contains(**it))
                    .map(|it| format!("{}: {it}", path.display())),
            );
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// People leave only as rows to those who may see them: no file of them is written that a spreadsheet could run.
#[test]
fn no_spreadsheet_is_written() {
    let root = tests::folder::root().join("server/src/member");
    for file in ["mod.rs", "import.rs", "sheet/mod.rs"] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(
            !text.contains("csv::Writer") && !text.contains("text/csv"),
            "{file}"
        );
    }
}
