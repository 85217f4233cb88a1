//! Requests as nobody of ours sends them: raw bytes, and requests that were once right. Each follows from a number, so
//! that whatever goes wrong can be sent again.

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderName, HeaderValue, Method, Request},
};
use serde_json::{Value, json};

use crate::{
    Town,
    routes::{self, Route},
    village::cast,
};

/// Dice that fall the same way for the same number.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From a number.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 bits.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let it = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    /// Below a number.
    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.throw() % u64::try_from(most.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// So often in a hundred.
    pub fn often(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// One of these, where it is.
    pub fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most);
        (0..length).map(|_| self.throw().to_le_bytes()[0]).collect()
    }
}

/// A request, before it is one.
#[derive(Debug, Clone)]
pub struct Shot {
    /// What kind of trial it is.
    pub kind: &'static str,
    /// Who sends it: a key of the cast, or nothing.
    pub who: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path with its query.
    pub path: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
    /// The cookie is spoiled.
    has_odd_cookie: Option<String>,
}

/// What shots are made from: every door, and what is really there.
#[derive(Debug, Clone)]
pub struct Ground {
    routes: Vec<Route>,
    ids: Vec<String>,
    /// A right sync request of everybody, with one mutation of each name.
    sync: Value,
    cookies: Vec<(&'static str, String)>,
}

const WHO: [&str; 6] = ["", "aoi", "mio", "sato", "doi", "kawai"];

const WORDS: [&str; 32] = [
    "",
    " ",
    "\0",
    "\u{feff}",
    "\u{202e}evil",
    "𠮷野家",
    "e\u{301}",
    "'; drop table members; --",
    "\" or 1=1 --",
    "%00",
    "%",
    "%zz",
    "../../etc/passwd",
    "..\\..",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "\r\nx: y",
    "\u{2028}",
    "null",
    "true",
    "-0",
    "NaN",
    "1e999",
    "9223372036854775808",
    "0000000000000000000000",
    "zzzzzzzzzzzzzzzzzzzzzz",
    "----------------------",
    "p:0000000000000000000000",
    "holders",
    "hr",
    "aoi@example.jp",
];
const FIELDS: [&str; 16] = [
    "wish1",
    "wish2",
    "wish3",
    "topic",
    "talk",
    "avoid",
    "read",
    "text",
    "talks_about",
    "email",
    "back",
    "code",
    "token",
    "language",
    "import",
    "do",
];
const KINDS: [&str; 7] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "application/json; charset=utf-16",
    "",
];

const NUMBERS: [i64; 12] = [
    0,
    1,
    -1,
    5,
    300_000,
    i64::MAX,
    i64::MIN,
    i32::MAX as i64,
    i32::MIN as i64,
    65_535,
    65_536,
    1_919_894_400_000,
];

impl Ground {
    /// A town in which something happened: slots, a booking, a talk with its record.
    pub async fn of(town: &Town) -> Self {
        town.open("mio", ["tue-1000", "tue-1015", "wed-1000"]).await;
        let booking = town
            .loaded_phone_of("aoi")
            .await
            .ask_for(["tue-1000"])
            .await;
        let slot = town.slot("wed-1000");
        let mut ids: Vec<String> = ["aoi", "mio", "sato"]
            .iter()
            .map(|it| cast(it).id().to_string())
            .collect();
        ids.extend([
            booking.to_string(),
            slot.id.to_string(),
            town.slot("tue-1000").id.to_string(),
        ]);
        let golden = crate::folder::root().join("tests/it/wire/request.json");
        let golden = std::fs::read_to_string(golden).expect("the golden request can be read");
        let mut sync: Value = serde_json::from_str(&golden).expect("the golden request is JSON");
        // Bodies that were right a moment ago must be about what is there.
        let text = sync.to_string();
        sync = serde_json::from_str(&text.replace("CURSOR", "")).unwrap_or(sync);
        for mutation in sync["mutations"].as_array_mut().into_iter().flatten() {
            for (name, value) in [("booking", json!(booking)), ("slot", json!(slot.id))] {
                if mutation["body"].get(name).is_some() {
                    mutation["body"][name] = value;
                }
            }
            if mutation["body"].get("wishes").is_some() {
                mutation["body"]["wishes"] =
                    json!([{"slot": slot.id, "starts": slot.starts, "place": slot.place}]);
            }
        }
        let mut cookies = Vec::new();
        for who in WHO.iter().filter(|it| !it.is_empty()) {
            cookies.push((*who, town.sign_in_directly(cast(who).id()).await));
        }
        let routes = routes::all()
            .into_iter()
            .filter(|it| !it.path.ends_with("/poke"))
            .collect();
        Self {
            routes,
            ids,
            sync,
            cookies,
        }
    }

    /// The shot of a number.
    #[must_use]
    pub fn shot(&self, seed: u64) -> Shot {
        let dice = &mut Dice::new(seed);
        let mut shot = match dice.below(100) {
            0..45 => self.sync(dice),
            45..75 => self.form(dice),
            75..82 => self.import(dice),
            82..94 => self.page(dice),
            _ => self.anything(dice),
        };
        // Whoever signs out is nobody for all that follow: mostly somebody signs out who never was in.
        let is_leaving = shot.path.ends_with("sign-out") && dice.often(95);
        if is_leaving || dice.often(5) {
            shot.has_odd_cookie = Some(self.cookie(dice));
        }
        if dice.often(10) {
            let (name, value) = self.header(dice);
            shot.headers.push((name, value));
        }
        shot
    }

    /// The request of a shot; none where HTTP itself has no words for it.
    #[must_use]
    pub fn request(&self, shot: &Shot) -> Option<Request<Body>> {
        let mut request = Request::builder()
            .method(shot.method.clone())
            .uri(&shot.path)
            .header("host", "localhost:3000");
        for (name, value) in &shot.headers {
            request = request.header(
                HeaderName::from_static(name),
                HeaderValue::from_bytes(value).ok()?,
            );
        }
        let own = self
            .cookies
            .iter()
            .find(|it| it.0 == shot.who)
            .map(|it| format!("__Host-session={}", it.1));
        if let Some(cookie) = shot.has_odd_cookie.clone().or(own) {
            request = request.header("cookie", HeaderValue::from_bytes(cookie.as_bytes()).ok()?);
        }
        let mut request = request.body(Body::from(shot.body.clone())).ok()?;
        let peer = std::net::SocketAddr::from(([203, 0, 113, 7], 40_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        Some(request)
    }

    /// Somebody signs in again whose session a shot has ended.
    pub async fn sign_in_again(&mut self, town: &Town, who: &str) {
        for (key, cookie) in self.cookies.iter_mut().filter(|it| it.0 == who) {
            *cookie = town.sign_in_directly(cast(key).id()).await;
        }
    }

    fn ours(kind: &str) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("content-type", kind.into()),
            ("sec-fetch-site", b"same-origin".to_vec()),
            ("x-kakehashi", b"1".to_vec()),
        ]
    }

    fn sync(&self, dice: &mut Dice) -> Shot {
        let mut shot = Shot {
            kind: "sync",
            who: dice.of(&WHO[1..]),
            method: Method::POST,
            path: "/api/v1/sync".into(),
            headers: Self::ours("application/json"),
            body: Vec::new(),
            has_odd_cookie: None,
        };
        let mut request = self.sync.clone();
        // A device of its own, so that numbers begin at one, and one wish: the first that is wrong ends a push.
        request["device"] = json!(self.id(dice, true));
        let count = self.sync["mutations"].as_array().map_or(0, Vec::len);
        let mut one = self.sync["mutations"][dice.below(count)].clone();
        one["n"] = json!(1);
        one["id"] = json!(self.id(dice, true));
        request["mutations"] = json!([one]);
        request["check"] = json!(dice.often(2));
        if dice.often(70) {
            request["cursor"] = json!(self.cursor(dice));
        }
        shot.body = match dice.below(100) {
            0..10 => {
                shot.kind = "sync, raw bytes";
                dice.bytes(2_000)
            }
            10..40 => {
                shot.kind = "sync, spoiled text";
                self.spoiled(dice, request.to_string().into_bytes())
            }
            _ => {
                shot.kind = "sync, spoiled values";
                for _ in 0..=dice.below(3) {
                    let at = if dice.often(70) {
                        "/mutations/0/body"
                    } else {
                        ""
                    };
                    if let Some(value) = request.pointer_mut(at) {
                        self.spoil(dice, value);
                    }
                }
                request.to_string().into_bytes()
            }
        };
        shot
    }

    fn form(&self, dice: &mut Dice) -> Shot {
        let posts: Vec<_> = self
            .routes
            .iter()
            .filter(|it| it.method == Method::POST && !it.path.starts_with("/api"))
            .collect();
        let route = dice.of(&posts);
        let fields: Vec<_> = (0..dice.below(6))
            .map(|_| {
                format!(
                    "{}={}",
                    dice.of(&FIELDS),
                    crate::browser::encoded(&self.word(dice))
                )
            })
            .collect();
        let body = fields.join("&").into_bytes();
        let is_spoiled = dice.often(25);
        Shot {
            kind: if is_spoiled { "form, spoiled" } else { "form" },
            who: dice.of(&WHO),
            method: Method::POST,
            path: route.filled(&self.segment(dice)),
            headers: Self::ours(if dice.often(10) {
                dice.of(&KINDS)
            } else {
                "application/x-www-form-urlencoded"
            }),
            body: if is_spoiled {
                self.spoiled(dice, body)
            } else {
                body
            },
            has_odd_cookie: dice.often(20).then(|| self.cookie(dice)),
        }
    }

    fn import(&self, dice: &mut Dice) -> Shot {
        let heads = [
            "氏名,メール",
            "name,email,role",
            "氏名,メール,役割,卒業年,入社予定日,ふりがな",
            "a",
            "",
        ];
        let mut csv = String::from(dice.of(&heads));
        for _ in 0..dice.below(6) {
            csv.push('\n');
            let cells: Vec<_> = (0..dice.below(8))
                .map(|_| self.word(dice).replace('"', "\"\""))
                .map(|it| format!("\"{it}\""))
                .collect();
            csv.push_str(&cells.join(","));
        }
        let file = if dice.often(40) {
            self.spoiled(dice, csv.into_bytes())
        } else {
            csv.into_bytes()
        };
        let how = dice.of(&["try", "carry-out", "", "CARRY-OUT"]);
        let mut body = format!("--x\r\ncontent-disposition: form-data; name=\"do\"\r\n\r\n{how}\r\n--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n").into_bytes();
        body.extend_from_slice(&file);
        body.extend_from_slice(b"\r\n--x--\r\n");
        Shot {
            kind: "import",
            who: dice.of(&["sato", "sato", "kawai", "mio"]),
            method: Method::POST,
            path: "/staff/people/import".into(),
            headers: Self::ours(if dice.often(90) {
                "multipart/form-data; boundary=x"
            } else {
                dice.of(&KINDS)
            }),
            body: if dice.often(20) {
                self.spoiled(dice, body)
            } else {
                body
            },
            has_odd_cookie: None,
        }
    }

    fn page(&self, dice: &mut Dice) -> Shot {
        let gets: Vec<_> = self
            .routes
            .iter()
            .filter(|it| it.method == Method::GET)
            .collect();
        let route = dice.of(&gets);
        let mut path = route.filled(&self.segment(dice));
        if dice.often(40) {
            let name = dice.of(&["answer", "back", "week", "host", "x"]);
            path.push_str(&format!(
                "?{name}={}",
                crate::browser::encoded(&self.word(dice))
            ));
        }
        Shot {
            kind: "page",
            who: dice.of(&WHO),
            method: Method::GET,
            path,
            headers: Vec::new(),
            body: Vec::new(),
            has_odd_cookie: None,
        }
    }

    fn anything(&self, dice: &mut Dice) -> Shot {
        let methods = [
            "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW",
        ];
        let route = dice.one(&self.routes);
        let path = if dice.often(50) {
            route.filled(&self.segment(dice))
        } else {
            format!("/{}?{}", self.segment(dice), self.segment(dice))
        };
        Shot {
            kind: "anything",
            who: dice.of(&WHO),
            method: dice.of(&methods).parse().unwrap_or(Method::GET),
            path,
            headers: Self::ours(dice.of(&KINDS)),
            body: dice.bytes(300),
            has_odd_cookie: None,
        }
    }

    /// An id: a fresh one, one that is there, or something like one.
    fn id(&self, dice: &mut Dice, is_fresh: bool) -> String {
        const DIGITS: &[u8] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
        if !is_fresh && dice.often(60) {
            return dice.one(&self.ids).clone();
        }
        let first = char::from(DIGITS[dice.below(4)]);
        std::iter::once(first)
            .chain((0..21).map(|_| char::from(dice.of(DIGITS))))
            .collect()
    }

    /// Part of a path, which is never longer than an address may be.
    fn segment(&self, dice: &mut Dice) -> String {
        if dice.often(60) {
            return self.id(dice, false);
        }
        let word: String = self.word(dice).chars().take(500).collect();
        crate::browser::encoded(&word)
    }

    fn word(&self, dice: &mut Dice) -> String {
        match dice.below(100) {
            0..60 => dice.of(&WORDS).to_owned(),
            60..80 => self.id(dice, false),
            80..82 => dice
                .of(&["あ", "a", "\u{1F469}\u{200D}\u{1F467}"])
                .repeat(dice.below(30_000)),
            82..90 => format!("{}@{}", dice.of(&WORDS), dice.of(&WORDS)),
            _ => String::from_utf8_lossy(&dice.bytes(60)).into_owned(),
        }
    }

    /// Like a cursor: of this shape, or of none.
    fn cursor(&self, dice: &mut Dice) -> String {
        let parts: Vec<String> = (0..dice.below(6))
            .map(|_| match dice.below(4) {
                0 => self.id(dice, false),
                1 => (dice.throw() as i64).to_string(),
                2 => "all+me+holders".to_owned(),
                _ => format!(
                    "{}@{}@{}",
                    self.word(dice),
                    dice.throw() as i64,
                    dice.below(9)
                ),
            })
            .collect();
        let text = parts.join(".");
        // With the right sum the rest of it is looked at.
        let sum = text.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
            (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        if dice.often(60) {
            format!("{text}.{:04x}", sum & 0xFFFF)
        } else {
            text
        }
    }

    fn cookie(&self, dice: &mut Dice) -> String {
        let name = dice.of(&["__Host-session", "__Host-pending", "language", "x", ""]);
        let pending = json!({"id": self.id(dice, false), "address": self.word(dice).chars().take(200).collect::<String>(), "back": "//x"}).to_string();
        let value = match dice.below(4) {
            0 => "a".repeat(dice.below(70)),
            1 => crate::browser::encoded(&pending),
            2 => self.segment(dice),
            _ => String::from_utf8_lossy(&dice.bytes(40)).replace(|it: char| it.is_control(), ";"),
        };
        format!("{name}={value}")
    }

    fn header(&self, dice: &mut Dice) -> (&'static str, Vec<u8>) {
        let names = [
            "accept-language",
            "accept-encoding",
            "x-forwarded-for",
            "if-none-match",
            "range",
            "origin",
            "sec-fetch-site",
            "content-length",
            "content-encoding",
            "expect",
            "x-kakehashi-member",
            "user-agent",
            "te",
            "referer",
        ];
        (
            dice.of(&names),
            if dice.often(50) {
                dice.bytes(80)
            } else {
                self.word(dice).into_bytes()
            },
        )
    }

    /// A value somewhere in a tree becomes another.
    fn spoil(&self, dice: &mut Dice, value: &mut Value) {
        let goes_on = dice.often(75);
        match value {
            Value::Object(fields) if goes_on && !fields.is_empty() => {
                let at = dice.below(fields.len());
                let key = fields.keys().nth(at).cloned().unwrap_or_default();
                match dice.below(12) {
                    0 => {
                        fields.remove(&key);
                    }
                    1 => {
                        fields.insert(self.word(dice), Value::Null);
                    }
                    _ => self.spoil(dice, &mut fields[&key]),
                }
            }
            Value::Array(items) if goes_on && !items.is_empty() => {
                let at = dice.below(items.len());
                match dice.below(8) {
                    0 => {
                        let again = items[at].clone();
                        items.extend(std::iter::repeat_n(again, dice.below(60)));
                    }
                    _ => self.spoil(dice, &mut items[at]),
                }
            }
            // Of the same type it gets further.
            Value::String(text) if dice.often(60) => *text = self.word(dice),
            Value::Number(_) if dice.often(60) => *value = json!(dice.of(&NUMBERS)),
            other => *other = self.value(dice),
        }
    }

    fn value(&self, dice: &mut Dice) -> Value {
        match dice.below(10) {
            0 => Value::Null,
            1 => json!(dice.often(50)),
            2..5 => json!(dice.of(&NUMBERS)),
            5 => json!(dice.throw()),
            6 => json!([[], {}]),
            7 => json!(-1.5e300),
            _ => json!(self.word(dice)),
        }
    }

    /// Bytes that were right, with some of them changed, doubled, lost.
    fn spoiled(&self, dice: &mut Dice, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..=dice.below(4) {
            if bytes.is_empty() {
                return dice.bytes(50);
            }
            let at = dice.below(bytes.len());
            match dice.below(5) {
                0 => bytes[at] = dice.throw().to_le_bytes()[0],
                1 => bytes.truncate(at),
                2 => {
                    bytes.remove(at);
                }
                3 => bytes
                    .splice(at..at, self.word(dice).into_bytes())
                    .for_each(drop),
                _ => {
                    let part = bytes[at..(at + dice.below(40)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, part).for_each(drop);
                }
            }
        }
        bytes
    }
}
