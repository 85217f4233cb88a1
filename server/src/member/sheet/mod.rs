//! A file of people as a spreadsheet saves it, read into checked entries. Knows no database.
//!
//! Everything that is wrong is collected with its row and column; nothing is guessed. Rows count as a spreadsheet counts
//! them: the header is row 1.

use std::collections::HashSet;

use app::online::{ImportFault, ImportProblem};
use domain::{
    member::{Role, email_key},
    text::{Name, TextFault},
    time::Day,
};
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use unicode_normalization::UnicodeNormalization as _;

/// People that one file may bring.
const MOST_ROWS: usize = 20_000;
/// Columns that are looked at: a spreadsheet of people has a dozen, eight megabytes of commas have millions.
const MOST_COLUMNS: usize = 200;
/// Mistakes after which reading stops, and says so: nobody mends more in one go, and the page draws one more than these.
const MOST_PROBLEMS: usize = 499;
/// Characters of a wrong cell that are shown.
const SHOWN: usize = 60;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Name,
    Kana,
    Email,
    School,
    Faculty,
    Graduation,
    Role,
    Team,
    Joining,
}

/// Headers, as they read after [`key_of`].
const HEADERS: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &["氏名", "名前", "お名前", "name", "fullname"],
    ),
    (
        Column::Kana,
        &[
            "ふりがな",
            "フリガナ",
            "かな",
            "カナ",
            "氏名かな",
            "氏名カナ",
            "氏名(かな)",
            "氏名(カナ)",
            "kana",
            "furigana",
        ],
    ),
    (
        Column::Email,
        &[
            "メール",
            "メールアドレス",
            "eメール",
            "email",
            "e-mail",
            "mail",
            "emailaddress",
            "mailaddress",
        ],
    ),
    (
        Column::School,
        &["学校", "学校名", "大学", "大学名", "school", "university"],
    ),
    (
        Column::Faculty,
        &[
            "学部",
            "学部名",
            "学部学科",
            "学部・学科",
            "faculty",
            "department",
        ],
    ),
    (
        Column::Graduation,
        &[
            "卒業年",
            "卒業予定年",
            "卒業年度",
            "卒業予定",
            "graduationyear",
            "graduation",
        ],
    ),
    (Column::Role, &["役割", "ロール", "role"]),
    (
        Column::Team,
        &["所属", "部署", "所属部署", "配属", "配属先", "team"],
    ),
    (
        Column::Joining,
        &[
            "入社予定日",
            "入社日",
            "joiningday",
            "joiningdate",
            "joining",
            "startdate",
        ],
    ),
];

/// One person as the file tells of them. Outer `None`: the file has no such column, so it says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) row: usize,
    pub(super) name: Name,
    pub(super) email: String,
    pub(super) key: String,
    pub(super) kana: Option<Option<Name>>,
    pub(super) school: Option<Option<Name>>,
    pub(super) faculty: Option<Option<Name>>,
    pub(super) graduation_year: Option<Option<u16>>,
    pub(super) team: Option<Option<Name>>,
    pub(super) joining: Option<Option<Day>>,
    /// An empty cell says nothing, either: nobody loses a role by it.
    pub(super) role: Option<Role>,
}

/// A file that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub(super) encoding: String,
    /// Rows with a person.
    pub(super) rows: usize,
    pub(super) entries: Vec<Entry>,
    pub(super) unknown_columns: Vec<String>,
    pub(super) problems: Vec<ImportProblem>,
    /// Header of the role column, for problems that are found later.
    pub(super) role_header: String,
}

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Sheet {
    let (encoding, text) = decoded(bytes);
    let mut sheet = Sheet {
        encoding,
        ..Sheet::default()
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut columns: Vec<Option<(Column, String)>> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let (mut row, mut line) = (0, 1);
    // A string is always UTF-8 and the reader is flexible, so reading ends only at the end.
    while reader.read_record(&mut record).unwrap_or(false) {
        row += 1 + blank_lines(&record, line, reader.position().line());
        line = reader.position().line();
        if columns.is_empty() {
            columns = header(&record, row, &mut sheet);
            continue;
        }
        if record.iter().all(|it| it.trim().is_empty()) {
            continue;
        }
        sheet.rows += 1;
        if sheet.rows > MOST_ROWS {
            sheet
                .problems
                .push(problem(row, "", ImportFault::TooManyRows, ""));
            break;
        }
        let cells = Cells {
            row,
            record: &record,
            columns: &columns,
        };
        if let Some(entry) = cells.entry(&mut seen, &mut sheet.problems) {
            sheet.entries.push(entry);
        }
        if sheet.problems.len() > MOST_PROBLEMS {
            sheet.problems.truncate(MOST_PROBLEMS);
            sheet
                .problems
                .push(problem(row, "", ImportFault::NotRead, ""));
            break;
        }
    }
    if columns.is_empty() {
        header(&csv::StringRecord::new(), 1, &mut sheet);
    }
    sheet
}

/// Lines that the reader stepped over before this record: a spreadsheet counts them.
fn blank_lines(record: &csv::StringRecord, before: u64, after: u64) -> usize {
    let breaks: usize = record.iter().map(|it| it.matches('\n').count()).sum();
    usize::try_from(after.saturating_sub(before))
        .unwrap_or(0)
        .saturating_sub(1 + breaks)
}

/// The text of a file. What is no UTF-8 is what Excel in Japan writes; statistics would take short files for Western.
fn decoded(bytes: &[u8]) -> (String, String) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (
            encoding.name().to_owned(),
            encoding
                .decode_without_bom_handling(&bytes[length..])
                .0
                .into_owned(),
        );
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (UTF_8.name().to_owned(), text.to_owned()),
        Err(_) => (
            "Windows-31J".to_owned(),
            SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned(),
        ),
    }
}

/// Which column is which. Notes those nobody knows, and those that are missing.
fn header(
    record: &csv::StringRecord,
    row: usize,
    sheet: &mut Sheet,
) -> Vec<Option<(Column, String)>> {
    let mut columns: Vec<Option<(Column, String)>> = Vec::new();
    for cell in record.iter().take(MOST_COLUMNS) {
        let (shown, key) = (normal(cell), key_of(cell));
        let known = HEADERS
            .iter()
            .find(|it| it.1.contains(&key.as_str()))
            .map(|it| it.0);
        match known {
            Some(column) if !columns.iter().flatten().any(|it| it.0 == column) => {
                columns.push(Some((column, shown)))
            }
            // Named twice: which of the two is meant would be a guess.
            _ if !shown.is_empty() => {
                sheet
                    .unknown_columns
                    .push(shown.chars().take(SHOWN).collect());
                columns.push(None);
            }
            _ => columns.push(None),
        }
    }
    let mut beyond = record.iter().skip(MOST_COLUMNS);
    if let Some(cell) = beyond.find(|it| !it.trim().is_empty()) {
        let shown: String = normal(cell).chars().take(SHOWN).collect();
        sheet
            .problems
            .push(problem(row, &shown, ImportFault::NotRead, ""));
    }
    for (column, name) in [
        (Column::Name, "氏名 / name"),
        (Column::Email, "メール / email"),
    ] {
        if !columns.iter().flatten().any(|it| it.0 == column) {
            sheet
                .problems
                .push(problem(row, name, ImportFault::NoSuchColumn, ""));
        }
    }
    if let Some((_, role)) = columns.iter().flatten().find(|it| it.0 == Column::Role) {
        sheet.role_header.clone_from(role);
    }
    // Even an empty first row is the header.
    if columns.is_empty() {
        columns.push(None);
    }
    columns
}

/// One width for letters, digits and kana (NFKC), except for the ideographs that NFKC would replace by others: 神 and 神
/// are one person's name and not the other's.
pub(super) fn normal(text: &str) -> String {
    let is_kept = |it: char| matches!(it, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}');
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_kept) {
        made.extend(rest[..at].nfkc());
        let kept = rest[at..].chars().next().unwrap_or_default();
        made.push(kept);
        rest = &rest[at + kept.len_utf8()..];
    }
    made.extend(rest.nfkc());
    made.trim().to_owned()
}

/// A header as it is compared: width, case, spaces and underscores aside.
fn key_of(header: &str) -> String {
    normal(header)
        .to_lowercase()
        .chars()
        .filter(|it| !it.is_whitespace() && *it != '_' && *it != '\u{FEFF}')
        .collect()
}

fn problem(row: usize, column: &str, fault: ImportFault, found: &str) -> ImportProblem {
    ImportProblem {
        row,
        column: column.to_owned(),
        fault,
        found: found.chars().take(SHOWN).collect(),
    }
}

/// One row, with its columns by name.
struct Cells<'a> {
    row: usize,
    record: &'a csv::StringRecord,
    columns: &'a [Option<(Column, String)>],
}

impl Cells<'_> {
    /// The checked entry; `None` when something is wrong with it, which is noted.
    fn entry(
        &self,
        seen: &mut HashSet<String>,
        problems: &mut Vec<ImportProblem>,
    ) -> Option<Entry> {
        let before = problems.len();
        let name = self.read(Column::Name, problems, name);
        let email = self.read(Column::Email, problems, address);
        // The other cells are read even when these are wrong: all problems are told at once.
        let kana = self.read(Column::Kana, problems, optional_name);
        let school = self.read(Column::School, problems, optional_name);
        let faculty = self.read(Column::Faculty, problems, optional_name);
        let graduation_year = self.read(Column::Graduation, problems, year);
        let team = self.read(Column::Team, problems, optional_name);
        let joining = self.read(Column::Joining, problems, day);
        let role = self.read(Column::Role, problems, role).flatten();
        let (name, (email, key)) = (name?, email?);
        if !seen.insert(key.clone()) {
            problems.push(problem(
                self.row,
                self.title(Column::Email),
                ImportFault::AddressTwice,
                &email,
            ));
        }
        let entry = Entry {
            row: self.row,
            name,
            email,
            key,
            kana,
            school,
            faculty,
            graduation_year,
            team,
            joining,
            role,
        };
        (problems.len() == before).then_some(entry)
    }

    fn title(&self, column: Column) -> &str {
        self.columns
            .iter()
            .flatten()
            .find(|it| it.0 == column)
            .map_or("", |it| &it.1)
    }

    /// The cell of a column, checked. `None` when there is no such column or the cell is wrong, which is noted.
    fn read<T>(
        &self,
        column: Column,
        problems: &mut Vec<ImportProblem>,
        check: fn(&str) -> Result<T, ImportFault>,
    ) -> Option<T> {
        let at = self
            .columns
            .iter()
            .position(|it| it.as_ref().is_some_and(|it| it.0 == column))?;
        let cell = normal(self.record.get(at).unwrap_or(""));
        let checked = if cell.contains(char::REPLACEMENT_CHARACTER) {
            Err(ImportFault::NotReadable)
        } else {
            check(&cell)
        };
        checked
            .map_err(|fault| problems.push(problem(self.row, self.title(column), fault, &cell)))
            .ok()
    }
}

fn name(cell: &str) -> Result<Name, ImportFault> {
    optional_name(cell)?.ok_or(ImportFault::Missing)
}

fn optional_name(cell: &str) -> Result<Option<Name>, ImportFault> {
    Name::optional(cell).map_err(|fault| match fault {
        TextFault::Long(_) => ImportFault::TooLong,
        TextFault::Empty | TextFault::NotHttps => ImportFault::Missing,
    })
}

/// The address as it was written, and as people are told apart by it.
fn address(cell: &str) -> Result<(String, String), ImportFault> {
    if cell.is_empty() {
        return Err(ImportFault::Missing);
    }
    let key = email_key(cell).ok_or(ImportFault::NotAnAddress)?;
    Ok((cell.to_owned(), key.to_string()))
}

/// `2027`, `2027年3月`, `2027/3`, `2027卒`, `27卒`.
fn year(cell: &str) -> Result<Option<u16>, ImportFault> {
    if cell.is_empty() {
        return Ok(None);
    }
    let digits = cell.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = cell.split_at(digits);
    let number: u16 = number.parse().map_err(|_| ImportFault::NotAYear)?;
    let number = if digits == 2 && rest == "卒" {
        2000 + number
    } else {
        number
    };
    let is_known = rest.is_empty() || rest.starts_with(['年', '/', '-', '.', '卒']);
    if is_known && (1950..2100).contains(&number) {
        Ok(Some(number))
    } else {
        Err(ImportFault::NotAYear)
    }
}

/// `2027-04-01`, `2027/4/1`, `2027.4.1`, `2027年4月1日`.
fn day(cell: &str) -> Result<Option<Day>, ImportFault> {
    if cell.is_empty() {
        return Ok(None);
    }
    let plain = cell.replace(['年', '月', '.'], "/").replace('日', "");
    // A spreadsheet that shows a date may save midnight with it.
    let plain = plain.split_whitespace().next().unwrap_or("");
    plain.parse().map(Some).map_err(|_| ImportFault::NotADate)
}

fn role(cell: &str) -> Result<Option<Role>, ImportFault> {
    if cell.is_empty() {
        return Ok(None);
    }
    Role::from_words(cell)
        .map(Some)
        .ok_or(ImportFault::UnknownRole)
}

#[cfg(test)]
mod tests;
