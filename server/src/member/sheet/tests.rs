use super::*;

fn problems(sheet: &Sheet) -> Vec<(usize, &str, ImportFault, &str)> {
    sheet
        .problems
        .iter()
        .map(|it| (it.row, it.column.as_str(), it.fault, it.found.as_str()))
        .collect()
}

#[test]
fn a_file_as_excel_in_japan_saves_it() {
    let text = "氏名,ﾌﾘｶﾞﾅ,メールアドレス,大学,学部,卒業予定年,入社予定日\r\n\
                髙橋　蓮,ﾀｶﾊｼ ﾚﾝ,Ｒｅｎ＠Example.jp,架橋大学,工学部,2027年,2027年4月1日\r\n";
    let (bytes, _, _) = SHIFT_JIS.encode(text);
    let sheet = read(&bytes);
    assert_eq!(
        (sheet.encoding.as_str(), problems(&sheet)),
        ("Windows-31J", vec![])
    );
    let ren = &sheet.entries[0];
    assert_eq!(
        (&*ren.name, ren.email.as_str(), ren.key.as_str()),
        ("髙橋 蓮", "Ren@Example.jp", "ren@example.jp")
    );
    assert_eq!(ren.kana.clone().flatten().as_deref(), Some("タカハシ レン"));
    assert_eq!(ren.graduation_year, Some(Some(2027)));
    assert_eq!(ren.joining, Some(Some("2027-04-01".parse().unwrap())));
    assert_eq!((ren.team.clone(), ren.role), (None, None));
}

#[test]
fn utf8_is_read_with_and_without_its_mark() {
    for text in [
        "\u{FEFF}Name, E-Mail ,Role\nMio,mio@example.jp,mentor\n",
        "name,email,ROLE\nMio,mio@example.jp,Mentor",
    ] {
        let sheet = read(text.as_bytes());
        assert_eq!(
            (sheet.encoding.as_str(), problems(&sheet)),
            ("UTF-8", vec![])
        );
        assert_eq!(sheet.entries[0].role, Some(Role::Mentor));
    }
}

#[test]
fn every_problem_is_told_by_row_and_column() {
    let text = "氏名,メール,役割,卒業年,入社日\n\
                青井 葵,aoi@example.jp,内定者,2027,2027/4/1\n\
                ,nobody,王様,いつか,2027/2/30\n\
                \n\
                ,,,,\n\
                \"森\n芽衣\",AOI@example.jp,,,\n\
                青井,aoi2@example.jp,,27,\n";
    let sheet = read(text.as_bytes());
    assert_eq!(
        problems(&sheet),
        [
            (3, "氏名", ImportFault::Missing, ""),
            (3, "メール", ImportFault::NotAnAddress, "nobody"),
            (3, "卒業年", ImportFault::NotAYear, "いつか"),
            (3, "入社日", ImportFault::NotADate, "2027/2/30"),
            (3, "役割", ImportFault::UnknownRole, "王様"),
            (6, "メール", ImportFault::AddressTwice, "AOI@example.jp"),
            (7, "卒業年", ImportFault::NotAYear, "27"),
        ]
    );
    assert_eq!((sheet.rows, sheet.entries.len()), (4, 1));
}

#[test]
fn columns_are_not_guessed() {
    let sheet = read("氏名,電話,メール,メール\n青井,03,aoi@example.jp,x\n".as_bytes());
    assert_eq!(sheet.unknown_columns, ["電話", "メール"]);
    assert_eq!(sheet.entries.len(), 1);
    assert_eq!(problems(&read(b"")).len(), 2);
    assert_eq!(
        problems(&read("電話\n03\n".as_bytes()))[0],
        (1, "氏名 / name", ImportFault::NoSuchColumn, "")
    );
}

#[test]
fn what_is_not_read_is_told() {
    let heads = ["氏名", "メール"].into_iter().map(str::to_owned);
    let wide: Vec<String> = heads.chain((2..201).map(|it| format!("欄{it}"))).collect();
    let sheet = read(format!("{}\n", wide.join(",")).as_bytes());
    assert_eq!(problems(&sheet), [(1, "欄200", ImportFault::NotRead, "")]);
    let commas = format!("氏名,メール{}\n青井,aoi@example.jp\n", ",".repeat(300));
    assert_eq!(
        problems(&read(commas.as_bytes())),
        [],
        "empty columns are none"
    );

    let faulty = |rows: usize| format!("氏名,メール\n{}", ",x\n".repeat(rows));
    let sheet = read(faulty(249).as_bytes());
    assert_eq!((sheet.rows, sheet.problems.len()), (249, 498));
    let sheet = read(faulty(2_000).as_bytes());
    assert_eq!((sheet.rows, sheet.problems.len()), (250, 500));
    assert_eq!(
        problems(&sheet).last(),
        Some(&(251, "", ImportFault::NotRead, ""))
    );
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let sheet = read(b"name,email\n\x82\xA0\x81,aoi@example.jp\n");
    assert_eq!(problems(&sheet)[0].2, ImportFault::NotReadable);
}

#[test]
fn names_keep_their_ideographs() {
    // U+FA19 and U+FA11, as Windows-31J has them.
    assert_eq!(normal("\u{FA19}谷 \u{FA11}"), "\u{FA19}谷 \u{FA11}");
    assert_eq!(normal(" ＡＢＣ　ｶﾞｷﾞ "), "ABC ガギ");
}

#[test]
fn a_year_is_read_as_people_write_it() {
    for (cell, expected) in [
        ("2027", 2027),
        ("2027年3月", 2027),
        ("2027卒", 2027),
        ("27卒", 2027),
        ("2027/3", 2027),
    ] {
        assert_eq!(year(cell), Ok(Some(expected)), "{cell}");
    }
    for cell in ["27", "20271", "令和9年", "2027x"] {
        assert_eq!(year(cell), Err(ImportFault::NotAYear), "{cell}");
    }
}
