use domain::learning::{File, Participation, quiz::is_right};

use super::{super::folder, Fault, Folder, Read, read};

const COURSE: &str = "title = \"マナー\"\ntitle_en = \"Manners\"\nsummary = \"はじめの一週間\"\n\
                      [[modules]]\nid = \"people\"\ntitle = \"人と会う\"\nlessons = [\"greeting\"]\n";
const FRONT: &str = "+++\ntitle = \"あいさつ\"\nminutes = 6\n+++\n";
/// The smallest PNG: one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89,
];

fn folder_of(files: &[(&str, &[u8])]) -> Folder {
    let file = |(path, bytes): &(&str, &[u8])| ((*path).to_owned(), bytes.to_vec());
    files.iter().map(file).collect()
}

/// A course of one lesson with this text.
fn with_text(text: &str) -> Folder {
    let lesson = format!("{FRONT}{text}");
    folder_of(&[
        ("course.toml", COURSE.as_bytes()),
        ("greeting.md", lesson.as_bytes()),
        ("images/seats.png", PNG),
    ])
}

fn page(it: &Read) -> String {
    let lesson = it.course.lessons().next().expect("a lesson");
    let bytes = it.files.get(&lesson.page).expect("its page");
    String::from_utf8(bytes.clone()).expect("text")
}

fn drawn(text: &str) -> String {
    page(&read("manners", &with_text(text)).expect("a course"))
}

fn faults(folder: &Folder) -> Vec<(String, Fault)> {
    let problems = read("manners", folder).err().unwrap_or_default();
    problems.into_iter().map(|it| (it.path, it.fault)).collect()
}

#[test]
fn sections_furigana_callouts_and_tables() {
    let html = drawn(
        "はじめに。\n\n## 席\n\n{上座|かみざ}は奥です。{例}と{下座|しもざ}。\n\n> [!TIP]\n> 迷ったら、聞きます。\n\n\
         | 席 | 人 |\n|---|---|\n| {上座\\|かみざ} | お客さま |\n",
    );
    assert!(
        html.contains("data-part=\"0\"") && html.contains("data-part=\"1\""),
        "{html}"
    );
    assert!(html.contains("<h2>席</h2>"), "{html}");
    assert!(
        html.contains(
            "<ruby>上座<rt>かみざ</rt></ruby>は奥です。{例}と<ruby>下座<rt>しもざ</rt></ruby>"
        ),
        "{html}"
    );
    assert!(
        html.contains("<div class=\"callout\"><p class=\"callout__name\">こつ</p>"),
        "{html}"
    );
    assert!(
        html.contains("<td><ruby>上座<rt>かみざ</rt></ruby></td>"),
        "{html}"
    );
}

#[test]
fn a_figure_has_its_size_and_its_caption() {
    let it = read(
        "manners",
        &with_text("![会議室の席](images/seats.png \"数字は\\\"順番\\\"\")"),
    )
    .expect("a course");
    let lesson = it.course.lessons().next().expect("a lesson");
    let picture = lesson.media.first().expect("a picture");
    let html = page(&it);
    let figure = format!(
        "<figure><img src=\"{}\" alt=\"会議室の席\" width=\"1\" height=\"1\" loading=\"lazy\"><figcaption>数字は\"順番\"</figcaption></figure>",
        picture.path()
    );
    assert!(html.contains(&figure), "{html}");
    assert!(!html.contains("<p><figure>"), "{html}");
}

#[test]
fn nothing_in_a_text_runs() {
    for bad in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "{<b onclick=x>|<script>}",
        "<iframe src=\"https://x.example\"></iframe>",
        "[a](//elsewhere.example)",
        "[a](/me/devices)",
        "```quiz\nid = \"a\"\nkind = \"short\"\nask = \"<script>alert(1)</script>\"\naccepts = [\"\\\"><script>\"]\n```",
    ] {
        let html = drawn(bad);
        let tags: Vec<_> = html
            .split('<')
            .skip(1)
            .filter_map(|it| it.split('>').next())
            .collect();
        for tag in &tags {
            let is_bad = ["script", "iframe", "img"]
                .iter()
                .any(|it| tag.starts_with(it))
                || [" on", "=\"javascript", "href=\"/"]
                    .iter()
                    .any(|it| tag.contains(it));
            assert!(!is_bad, "{bad} became {html}");
        }
    }
}

#[test]
fn an_id_is_the_same_after_every_import() {
    let one = read("manners", &with_text("一。")).expect("a course");
    let two = read("manners", &with_text("二。")).expect("a course");
    assert_eq!(one.course.id, two.course.id);
    let id = |it: &Read| it.course.lessons().next().map(|it| it.id);
    assert_eq!(id(&one), id(&two));
    assert_ne!(page(&one), page(&two));
    let other = read("mail", &with_text("一。")).expect("a course");
    assert_ne!(id(&one), id(&other));
    assert_eq!(one.course.participation, Participation::Optional);
}

/// The answers that a question takes for right, as its page says them.
fn accepted(quiz: &str) -> Vec<String> {
    let html = drawn(&format!("```quiz\n{quiz}\n```"));
    let (_, rest) = html.split_once("data-accepts=\"").expect("a question");
    let (accepts, _) = rest.split_once('"').expect("a question");
    accepts.split(' ').map(str::to_owned).collect()
}

fn right(quiz: &str, given: &str) -> bool {
    is_right(accepted(quiz).iter().map(String::as_str), given)
}

#[test]
fn five_ways_to_answer() {
    let options = "options = [{ text = \"一\", right = true }, { text = \"二\" }, { text = \"三\", right = true }]";
    let one = "id = \"a\"\nkind = \"single\"\nask = \"?\"\noptions = [{ text = \"一\" }, { text = \"二\", right = true }]";
    assert!(right(one, "1") && !right(one, "0") && !right(one, "0 1"));
    let several = format!("id = \"a\"\nkind = \"multiple\"\nask = \"?\"\n{options}");
    assert!(right(&several, "0 2") && !right(&several, "0") && !right(&several, "0 1 2"));
    let order = format!("id = \"a\"\nkind = \"order\"\nask = \"?\"\n{options}");
    assert!(right(&order, "0 1 2") && !right(&order, "0 2 1") && !right(&order, "0 1"));
    let short =
        "id = \"a\"\nkind = \"short\"\nask = \"?\"\naccepts = [\"総支給額\", \"Gross pay\"]";
    assert!(right(short, "ＧＲＯＳＳ pay") && right(short, "総支給額") && !right(short, "手取り"));
    let scenario = "id = \"a\"\nkind = \"scenario\"\nask = \"?\"\n\
        [[steps]]\nid = \"start\"\ntext = \"来客\"\nchoices = [{ text = \"聞く\", to = \"good\" }, { text = \"通す\", to = \"bad\" }]\n\
        [[steps]]\nid = \"good\"\ntext = \"よい\"\nright = true\n[[steps]]\nid = \"bad\"\ntext = \"別の道\"";
    assert!(right(scenario, "1") && !right(scenario, "2") && !right(scenario, "0"));
    // What is shown is never in the right order to begin with.
    let html = drawn(&format!("```quiz\n{order}\n```"));
    let places: Vec<_> = html.match_indices("data-at=\"").collect();
    let first = html[places[0].0 + 9..].chars().next();
    let second = html[places[1].0 + 9..].chars().next();
    assert!(
        places.len() == 3 && (first > second || first > Some('0')),
        "{html}"
    );
}

#[test]
fn every_fault_is_told_and_where() {
    let missing = folder_of(&[("course.toml", COURSE.as_bytes())]);
    assert_eq!(faults(&missing), [("greeting.md".into(), Fault::Missing)]);
    assert_eq!(
        faults(&Folder::new()),
        [("course.toml".into(), Fault::Missing)]
    );
    let cases = [
        (with_text(""), Fault::NoText),
        (
            with_text("![a](images/none.png)"),
            Fault::NoFile("images/none.png".into()),
        ),
        (
            with_text("![a](greeting.md)"),
            Fault::BadFile("greeting.md".into()),
        ),
        (
            with_text(
                "```quiz\nid = \"a\"\nkind = \"single\"\nask = \"?\"\noptions = [{ text = \"一\" }, { text = \"二\" }]\n```",
            ),
            Fault::BadQuiz("a: options, one of them right".into()),
        ),
    ];
    for (folder, fault) in cases {
        let found = faults(&folder);
        assert!(
            found.contains(&("greeting.md".into(), fault.clone())),
            "{fault:?} in {found:?}"
        );
    }
    // Names that lie about what is in a file.
    let mut folder = with_text("![a](images/seats.png)");
    folder.insert("images/seats.png".into(), b"<svg onload=alert(1)>".to_vec());
    assert_eq!(
        faults(&folder),
        [(
            "greeting.md".into(),
            Fault::BadFile("images/seats.png".into())
        )]
    );
    // Required, but not paid: there is no such course.
    let mut folder = with_text("一。");
    let unpaid = format!("{COURSE}[paid]\nhours = 2\nplace = \"本社\"\npay_yen = 0\n");
    folder.insert("course.toml".into(), unpaid.into());
    assert_eq!(faults(&folder), [("course.toml".into(), Fault::Unpaid)]);
    // The two languages ask the same.
    let quiz = "```quiz\nid = \"a\"\nkind = \"short\"\nask = \"?\"\naccepts = [\"a\"]\n```";
    let mut folder = with_text(quiz);
    folder.insert(
        "greeting.en.md".into(),
        b"+++\ntitle = \"Greeting\"\n+++\nText.".to_vec(),
    );
    assert_eq!(
        faults(&folder),
        [("greeting.en.md".into(), Fault::Unlike("a".into()))]
    );
    assert!(read("Bad Name", &with_text("一。")).is_err());
}

#[test]
fn what_comes_with_the_program_is_in_order() {
    for name in folder::SHIPPED_NAMES {
        let folder = folder::shipped(name).expect("a course");
        let it = match read(name, &folder) {
            Ok(it) => it,
            Err(problems) => {
                let said: Vec<_> = problems
                    .iter()
                    .map(|it| it.words(domain::member::Language::En))
                    .collect();
                panic!("{name}: {said:#?}");
            }
        };
        assert!(it.course.title.en.is_some(), "{name}");
        for lesson in it.course.lessons() {
            let most = if it.course.is_qualification { 300 } else { 10 };
            assert!(
                (4..=most).contains(&lesson.minutes),
                "{name}: {}",
                lesson.title.ja
            );
            assert!(
                lesson.title.en.is_some() && lesson.page_en.is_some(),
                "{name}"
            );
            // On a used-up data plan: 30 kB compressed are far more as they stand.
            let bytes = |file: &File| file.bytes;
            assert!(bytes(&lesson.page) < 60_000, "{name}: {}", lesson.title.ja);
        }
        for bytes in it.files.values() {
            let Ok(text) = std::str::from_utf8(bytes) else {
                continue;
            };
            for word in ["！", "義務付け", "必ず参加", "してはいけません"] {
                assert!(!text.contains(word), "{name} says {word}");
            }
        }
    }
}

mod zips {
    use std::io::{Cursor, Write as _};

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in files {
            zip.start_file(*path, SimpleFileOptions::default())
                .expect("a file in a zip");
            zip.write_all(bytes).expect("its bytes");
        }
        zip.finish().expect("a zip").into_inner()
    }

    #[test]
    fn a_folder_in_a_zip_is_that_folder() {
        let lesson = format!("{FRONT}一。");
        let files: [(&str, &[u8]); 4] = [
            ("manners/course.toml", COURSE.as_bytes()),
            ("manners/greeting.md", lesson.as_bytes()),
            ("manners/.DS_Store", b"left behind"),
            ("__MACOSX/manners/._course.toml", b"left behind"),
        ];
        let (name, folder) = folder::of_zip("Archive", &zip_of(&files)).expect("a folder");
        assert_eq!((name.as_str(), folder.len()), ("manners", 2));
        assert!(read(&name, &folder).is_ok());
    }

    #[test]
    fn a_zip_does_not_leave_its_folder() {
        for path in ["../course.toml", "manners/../../etc/passwd", "/etc/passwd"] {
            let it = folder::of_zip("a", &zip_of(&[(path, b"x")]));
            let stays = it.as_ref().is_ok_and(|(_, folder)| {
                folder
                    .keys()
                    .all(|it| !it.starts_with('/') && !it.contains(".."))
            });
            assert!(it == Err(Fault::Outside) || stays, "{path}: {it:?}");
        }
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_symlink(
            "manners/course.toml",
            "/etc/passwd",
            SimpleFileOptions::default(),
        )
        .expect("a link");
        let zip = zip.finish().expect("a zip").into_inner();
        assert_eq!(folder::of_zip("a", &zip), Err(Fault::Outside));
        assert_eq!(folder::of_zip("a", b"no zip"), Err(Fault::NotAFolder));
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        // A quarter of a gigabyte of nothing, in a quarter of a megabyte.
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("manners/bomb.png", SimpleFileOptions::default())
            .expect("a file in a zip");
        let nothing = vec![0; 1 << 20];
        for _ in 0..256 {
            zip.write_all(&nothing).expect("its bytes");
        }
        let zip = zip.finish().expect("a zip").into_inner();
        assert!(zip.len() < 1 << 20);
        assert_eq!(folder::of_zip("a", &zip), Err(Fault::TooMuch));
        let many: Vec<String> = (0..2_001).map(|it| format!("manners/{it}.md")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|it| (it.as_str(), &b"x"[..])).collect();
        assert_eq!(folder::of_zip("a", &zip_of(&many)), Err(Fault::TooMuch));
    }
}
