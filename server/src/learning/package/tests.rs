use std::io::{Cursor, Write as _};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::learning::format::Problem;

const OLD: &str = include_str!("../../../../tests/packages/scorm12/imsmanifest.xml");
const NEW: &str = include_str!("../../../../tests/packages/scorm2004/imsmanifest.xml");
const UNIT: &str = include_str!("../../../../tests/packages/cmi5/cmi5.xml");

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn archive(files: &[(&str, &[u8])]) -> Result<Archive, Fault> {
    match Archive::open(zip(files))? {
        Opened::Package(it) => Ok(it),
        Opened::Other(_) => panic!("no package"),
    }
}

/// A package with this manifest and the files that the samples name.
fn with(name: &str, manifest: &str) -> Result<Read, Vec<(String, Fault)>> {
    let page = b"<p>a page</p>".as_slice();
    let mut archive = archive(&[
        (name, manifest.as_bytes()),
        ("index.html", page),
        ("shared/probe.js", b"1"),
        ("unit/index.html", page),
        ("notes.doc", b"no page"),
    ])
    .unwrap();
    read("電話", &mut archive)
}

fn scorm(manifest: &str) -> Result<Read, Vec<(String, Fault)>> {
    with("imsmanifest.xml", manifest)
}

/// What is wrong with a manifest: the one thing, in both languages.
fn wrong(manifest: &str) -> [String; 2] {
    let faults = scorm(manifest).unwrap_err();
    let [(path, fault)] = &*faults else {
        panic!("{faults:?}")
    };
    let (path, fault) = (path.clone(), fault.clone());
    let problem = Problem { path, fault };
    [Language::Ja, Language::En].map(|it| problem.words(it))
}

#[test]
fn a_sco_becomes_a_lesson() {
    for (manifest, kind, mastery) in [(OLD, Kind::Scorm12, 80.0), (NEW, Kind::Scorm2004, 0.8)] {
        let it = scorm(manifest).unwrap();
        assert_eq!(&*it.course.title.ja, "電話の受け方");
        let lessons: Vec<_> = it.course.lessons().collect();
        let [lesson] = &*lessons else {
            panic!("{lessons:?}")
        };
        assert_eq!(lesson.minutes, MINUTES);
        assert_eq!(it.package.kind, kind);
        let unit = &it.package.units[&lesson.id];
        assert_eq!((&*unit.path, unit.mastery), ("index.html", Some(mastery)));
        let page = String::from_utf8(it.pages[&lesson.page].clone()).unwrap();
        let address = format!("href=\"/learn/{}/{}/play\"", it.course.id, lesson.id);
        assert!(page.contains(&address), "{page}");
    }
}

#[test]
fn a_course_is_called_as_its_file() {
    for (file, slug) in [
        ("Phone calls_v1.2", "phone-calls-v1-2"),
        ("a", "a"),
        ("(1)", "1"),
    ] {
        assert_eq!(slug_of(file), slug);
    }
    // Other letters count, though they cannot stand in an address.
    let others = [
        "電話",
        "電話v2",
        "メールv2",
        &"long".repeat(20),
        &"long".repeat(21),
        "---",
    ];
    let slugs: std::collections::BTreeSet<_> = others.iter().map(|it| slug_of(it)).collect();
    assert_eq!(slugs.len(), others.len(), "{slugs:?}");
    assert!(slugs.iter().all(|it| format::is_name(it)), "{slugs:?}");
}

#[test]
fn a_unit_of_cmi5_becomes_a_lesson() {
    let it = with("cmi5.xml", UNIT).unwrap();
    assert_eq!(
        it.course.title.in_language(Language::En).to_string(),
        "Writing mails"
    );
    assert_eq!(&*it.course.modules[0].title.ja, "はじめに");
    let lesson = it.course.lessons().next().unwrap();
    let unit = &it.package.units[&lesson.id];
    assert_eq!(
        (&*unit.path, &*unit.query),
        ("unit/index.html", "?theme=plain")
    );
    assert_eq!(
        (&*unit.launch_data, unit.mastery),
        ("{\"level\":1}", Some(0.7))
    );
    let au = unit.au.as_ref().unwrap();
    assert_eq!(au.move_on, MoveOn::CompletedAndPassed);
    assert_eq!(au.entitlement.as_deref(), Some("key-1"));
}

#[test]
fn items_with_items_are_modules() {
    let manifest = r##"<manifest identifier="m" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3">
      <organizations><organization identifier="o"><title>全部</title>
        <item identifier="a" identifierref="r"><title>はじめ</title></item>
        <item identifier="b"><title>章</title>
          <item identifier="c" identifierref="r" parameters="?p=1"><title>一つ目</title>
            <metadata><lom><educational><typicalLearningTime><duration>PT1H30M</duration></typicalLearningTime></educational></lom></metadata></item>
          <item identifier="d"><item identifier="e" identifierref="r" parameters="#x"/></item>
        </item>
        <item identifier="f" identifierref="r"><title>終わり</title></item>
      </organization></organizations>
      <resources xml:base="shared/"><resource identifier="r" href="../index.html"/></resources></manifest>"##;
    let it = scorm(manifest).unwrap();
    let shown: Vec<_> = it
        .course
        .modules
        .iter()
        .map(|module| {
            let lesson = |it: &Lesson| format!("{} {}", it.title.ja, it.minutes);
            let lessons: Vec<_> = module.lessons.iter().map(lesson).collect();
            format!("{}: {}", module.title.ja, lessons.join(", "))
        })
        .collect();
    assert_eq!(
        shown,
        ["全部: はじめ 10", "章: 一つ目 90, e 10", "全部: 終わり 10"]
    );
    let mut queries: Vec<_> = it.package.units.values().map(|it| &*it.query).collect();
    queries.sort_unstable();
    assert_eq!(queries, ["", "", "#x", "?p=1"]);
}

#[test]
fn a_manifest_in_the_letters_of_its_country() {
    let text = OLD.replace("utf-8", "Shift_JIS");
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    assert_eq!(manifest::decoded(&bytes), Some(text));
    let (bytes, _, _) = encoding_rs::UTF_8.encode(OLD);
    assert_eq!(manifest::decoded(&bytes).as_deref(), Some(OLD));
    assert_eq!(manifest::decoded(b"\xFF\xFF\xFF"), None);
}

#[test]
fn how_long_it_takes() {
    let cases = [
        ("PT15M", Some(15)),
        ("PT0H0M30S", Some(1)),
        ("P1DT2H", Some(480)),
        ("01:30:00", Some(90)),
        ("0000-00-00T00:20:00", Some(20)),
        ("PT0S", None),
        ("soon", None),
        ("", None),
    ];
    for (text, expected) in cases {
        assert_eq!(manifest::minutes(text), expected, "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_in_both_languages() {
    let href = |it: &str| OLD.replace("href=\"index.html\" adlcp", &format!("href=\"{it}\" adlcp"));
    let cases = [
        (
            href("https://elsewhere.example/x.html"),
            "imsmanifest.xml: 「https://elsewhere.example/x.html」はパッケージの外です。使えるのは中のファイルだけです。",
            "imsmanifest.xml: “https://elsewhere.example/x.html” is outside of the package; only files in it can be used.",
        ),
        (
            href("gone.html"),
            "imsmanifest.xml: 「gone.html」がありません。",
            "imsmanifest.xml: “gone.html” is not there.",
        ),
        (
            href("../../secret.html"),
            "imsmanifest.xml: 「../../secret.html」は、パッケージの外を指す名前か、リンクです。",
            "imsmanifest.xml: “../../secret.html” names something outside of the package, or is a link.",
        ),
        (
            href("notes.doc"),
            "imsmanifest.xml: 「notes.doc」は開けません。教材は html のページから始まります。",
            "imsmanifest.xml: “notes.doc” cannot be opened: a lesson begins with an html page.",
        ),
        (
            OLD.replace("item identifier", "thing identifier")
                .replace("</item>", "</thing>"),
            "imsmanifest.xml: 開ける教材が一つもありません。",
            "imsmanifest.xml: There is nothing in it that could be opened.",
        ),
        (
            OLD.replace("<schemaversion>1.2", "<schemaversion>0.9"),
            "imsmanifest.xml: 「0.9」は開けません。SCORM は 1.2 と 2004 が使えます。",
            "imsmanifest.xml: “0.9” cannot be played; SCORM 1.2 and 2004 can.",
        ),
        (
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><manifest>&b;</manifest>"
                .to_owned(),
            "imsmanifest.xml: DOCTYPE のある XML は取り込めません。DOCTYPE を消してください。",
            "imsmanifest.xml: XML with a DOCTYPE is not taken. Please remove it.",
        ),
    ];
    for (manifest, ja, en) in cases {
        assert_eq!(wrong(&manifest), [ja, en]);
    }
    assert!(wrong("<manifest>")[1].starts_with("imsmanifest.xml: This cannot be read as XML. "));
    for other in [
        PackageFault::NoPlayAddress,
        PackageFault::NotAZip,
        PackageFault::TooMuch,
    ] {
        let [ja, en] = other.words();
        assert!(ja.ends_with('。') && en.ends_with('.'), "{ja} {en}");
    }
}

#[test]
fn every_wrong_file_is_named_at_once() {
    let manifest = OLD
        .replace("<file href=\"index.html\"/>", "<file href=\"one.png\"/>")
        .replace("shared/probe.js", "//elsewhere.example/two.js");
    let faults: Vec<_> = scorm(&manifest)
        .unwrap_err()
        .into_iter()
        .map(|it| it.1)
        .collect();
    let out = "//elsewhere.example/two.js".to_owned();
    assert_eq!(
        faults,
        [
            Fault::NoFile("one.png".into()),
            PackageFault::ReachesOut(out).into()
        ]
    );
}

#[test]
fn nothing_leads_outside_and_nothing_bursts() {
    let manifest = ("imsmanifest.xml", OLD.as_bytes());
    for path in ["../evil.html", "a/../../evil.html"] {
        let fault = archive(&[manifest, (path, b"x")]).err();
        assert_eq!(
            fault,
            Some(PackageFault::Outside(path.into()).into()),
            "{path}"
        );
    }
    let mut link = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    link.start_file(manifest.0, options).unwrap();
    link.write_all(manifest.1).unwrap();
    link.add_symlink("link.html", "/etc/passwd", options)
        .unwrap();
    let link = link.finish().unwrap().into_inner();
    let fault = Archive::open(link).err();
    assert_eq!(
        fault,
        Some(PackageFault::Outside("link.html".into()).into())
    );
    // Nothing but zeros: 200 kB of ZIP, 65 MB unpacked.
    let large = vec![0; (64 << 20) + 1];
    let fault = archive(&[manifest, ("large.mp4", &large)]).err();
    assert_eq!(fault, Some(PackageFault::TooMuch.into()));
    // The same, and it says that it were small.
    let mut lies = zip(&[manifest, ("small.mp4", &vec![0; 1 << 20])]);
    let size = 1_u32 << 20;
    let places: Vec<_> = lies
        .windows(4)
        .enumerate()
        .filter(|it| it.1 == size.to_le_bytes())
        .map(|it| it.0)
        .collect();
    for place in places {
        lies[place..place + 4].copy_from_slice(&16_u32.to_le_bytes());
    }
    let Ok(Opened::Package(mut archive)) = Archive::open(lies) else {
        panic!("it looks like a package")
    };
    assert!(archive.bytes("small.mp4").is_err());
    let many: Vec<_> = (0..3_001).map(|it| format!("{it}.html")).collect();
    let mut files: Vec<(&str, &[u8])> = many.iter().map(|it| (&**it, &b"x"[..])).collect();
    files.push(manifest);
    assert_eq!(archive_fault(&files), Some(PackageFault::TooMuch.into()));
}

fn archive_fault(files: &[(&str, &[u8])]) -> Option<Fault> {
    archive(files).err()
}

#[test]
fn only_what_a_browser_shows_is_kept() {
    let page = b"x".as_slice();
    let it = archive(&[
        ("imsmanifest.xml", page),
        ("a.HTML", page),
        ("b.js", page),
        ("c.exe", page),
        ("schema.xsd", page),
        (".DS_Store", page),
        ("__MACOSX/a.html", page),
    ]);
    assert_eq!(it.unwrap().paths(), ["a.HTML", "b.js", "imsmanifest.xml"]);
}
