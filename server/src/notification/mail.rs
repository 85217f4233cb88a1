//! A letter in words becomes a message: plain text, simple HTML, perhaps a calendar file.

use anyhow::{Context, Result};
use domain::{member::Language, time::Time};
use lettre::{
    Message,
    message::{
        Attachment, Mailbox, MultiPart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

/// What is written, before it is a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) language: Language,
    /// At most thirty full-width characters: more is cut off on a phone.
    pub(super) subject: String,
    /// Paragraphs; lines within are kept.
    pub(super) paragraphs: Vec<String>,
    /// The one thing to do next, in words, and its address.
    pub(super) link: Option<(&'static str, String)>,
    /// After the link.
    pub(super) footer: Vec<String>,
    /// A calendar file with its method.
    pub(super) calendar: Option<(&'static str, String)>,
}

/// Everything around a letter.
pub(super) struct Envelope<'a> {
    pub(super) from: &'a str,
    pub(super) to_name: &'a str,
    pub(super) to: &'a str,
    /// Stays the same when a job runs twice, so that the second message is known for the first.
    pub(super) message_id: String,
    pub(super) at: Time,
}

/// The message as it goes to the mail server.
pub(super) fn message(letter: &Letter, envelope: &Envelope<'_>) -> Result<Message> {
    // The address itself must not reach a log, so parse errors are told without it.
    let from: Mailbox = envelope
        .from
        .parse()
        .map_err(|_| anyhow::anyhow!("the sender's address cannot be read"))?;
    let to = envelope
        .to
        .parse()
        .map_err(|_| anyhow::anyhow!("the receiver's address cannot be read"))?;
    let date = std::time::UNIX_EPOCH
        + std::time::Duration::from_millis(u64::try_from(envelope.at.millis()).unwrap_or(0));
    let body = MultiPart::alternative_plain_html(text(letter), html(letter));
    let mut message = Message::builder()
        .from(from.clone())
        .reply_to(from)
        .to(Mailbox::new(Some(envelope.to_name.to_owned()), to))
        .subject(&letter.subject)
        .message_id(Some(format!("<{}>", envelope.message_id)))
        .date(date)
        .multipart(match &letter.calendar {
            Some((method, calendar)) => {
                let kind =
                    ContentType::parse(&format!("text/calendar; charset=utf-8; method={method}"))
                        .context("not a content type")?;
                MultiPart::mixed().multipart(body).singlepart(
                    Attachment::new("interview.ics".into()).body(calendar.clone(), kind),
                )
            }
            None => body,
        })
        .context("cannot put a message together")?;
    message.headers_mut().insert_raw(HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".into(),
    ));
    Ok(message)
}

/// The text part: complete by itself.
pub(super) fn text(letter: &Letter) -> String {
    let mut parts = letter.paragraphs.clone();
    if let Some((label, address)) = &letter.link {
        parts.push(format!("{label}\n{address}"));
    }
    parts.push("--".into());
    parts.extend(letter.footer.iter().cloned());
    parts.join("\n\n") + "\n"
}

/// The HTML part: the same words. No images, nothing from elsewhere, nothing that tells whether it was opened.
fn html(letter: &Letter) -> String {
    let paragraph = |it: &String| format!("<p>{}</p>", escaped(it).replace('\n', "<br>"));
    let mut body: String = letter.paragraphs.iter().map(paragraph).collect();
    if let Some((label, address)) = &letter.link {
        let address = escaped(address);
        body.push_str(&format!(
            "<p><a href=\"{address}\" style=\"display:inline-block;padding:12px 20px;background:#1d4ed8;color:#ffffff;\
             text-decoration:none;border-radius:6px\">{}</a></p><p style=\"color:#555555;font-size:13px\">{address}</p>",
            escaped(label)
        ));
    }
    let footer: String = letter.footer.iter().map(paragraph).collect();
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"font-family:sans-serif;font-size:16px;line-height:1.7;color:#222222\">{body}\
         <div style=\"color:#555555;font-size:13px\">{footer}</div></body></html>",
        letter.language.code(),
        escaped(&letter.subject)
    )
}

/// Text that is safe between tags and in attributes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
