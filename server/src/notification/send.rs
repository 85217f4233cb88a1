//! Runs a mail's job: loads what is true now, writes the letter, hands it to the mail server.

use anyhow::{Context, Result};
use app::page::Page;
use domain::{
    booking::ends,
    id::{BookingId, EventId, MemberId},
    member::Role,
    time::Time,
};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    transport::smtp::{
        PoolConfig,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use super::{
    CalendarEntry, Gathering, Reminder, Side, What, calendar_entry, gathering, kind_moment,
    mail::{Envelope, Letter, message},
    queries::{self, Reader},
    words::{Told, Writer},
};
use crate::{
    booking::queries::{BookingRow, booking},
    config::{Config, SmtpSettings},
    db::Conn,
    job::{Done, Job},
    services::Services,
    sync::queries::fact,
};

/// A mail did not leave. `said` holds no address.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong, for the table and the log.
    pub(crate) said: String,
    /// Another attempt would end the same way.
    pub(crate) is_final: bool,
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self {
            said: format!("{error:#}"),
            is_final: false,
        }
    }
}

/// The connections to the mail server.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Mailer {
    /// Connections for these settings; none is opened before the first mail.
    pub(crate) fn new(settings: &SmtpSettings) -> Result<Self> {
        let tls = || TlsParameters::new(settings.host.clone()).context("cannot prepare TLS");
        let tls = match (settings.is_implicit_tls, settings.is_local()) {
            (true, _) => Tls::Wrapper(tls()?),
            (false, true) => Tls::None,
            (false, false) => Tls::Required(tls()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(
            settings.host.trim_matches(['[', ']']),
        )
        .port(settings.port)
        .tls(tls)
        .timeout(Some(std::time::Duration::from_secs(15)))
        .pool_config(PoolConfig::new().max_size(4));
        if let Some((name, password)) = settings.login.clone() {
            builder = builder.credentials(Credentials::new(name, password));
        }
        Ok(Self {
            transport: builder.build(),
        })
    }
}

/// A letter with its reader, ready to go, or a better hour for it.
enum Ready {
    Letter(Box<(Reader, Letter)>),
    Nothing,
    At(Time),
}

/// Runs a mail's job. Safe to run twice: the message keeps its id.
pub(crate) async fn send(
    services: &Services,
    mailer: &Mailer,
    id: &str,
    job: &Job,
) -> Result<Done, Failure> {
    let now = services.clock.now();
    let mut tx = services.db.read().await?;
    let ready = write(&mut tx, &services.config, job, now).await?;
    drop(tx);
    let (reader, letter) = match ready {
        Ready::Letter(it) => *it,
        Ready::Nothing => return Ok(Done::Now),
        Ready::At(due) => return Ok(Done::At(due)),
    };
    let envelope = Envelope {
        from: &services.config.mail_from,
        to_name: &reader.name,
        to: &reader.email,
        message_id: format!("{id}@{}", services.config.host()),
        at: now,
    };
    let message = message(&letter, &envelope)?;
    mailer
        .transport
        .send(message)
        .await
        .map_err(|error| failure(&error))?;
    Ok(Done::Now)
}

/// Says what went wrong in our words: a mail server's own words may repeat the address.
fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let said = match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server did not answer in time".into(),
        None if error.is_tls() => "no secure connection to the mail server".into(),
        None => "no connection to the mail server".into(),
    };
    Failure {
        said,
        is_final: error.is_permanent(),
    }
}

/// The letter of a job, from what is true now.
async fn write(db: &mut Conn, config: &Config, job: &Job, now: Time) -> Result<Ready> {
    let company = fact(db, "name").await?;
    let ctx = Ctx {
        company: company.unwrap_or_else(|| config.company_name.clone()),
        origin: &config.origin,
        now,
    };
    let id = match job {
        Job::SignInCode {
            member,
            code,
            token,
        } => {
            let address = format!("{}/sign-in/link/{token}", ctx.origin);
            let code = |writer: &Writer<'_>, _| writer.code(code, address);
            return ctx.to(db, *member, code).await;
        }
        Job::Invitation { member, token } => {
            let address = format!("{}/invitation/{token}", ctx.origin);
            let invitation = |writer: &Writer<'_>, role| writer.invitation(role, address);
            return ctx.to(db, *member, invitation).await;
        }
        Job::Booking { booking, .. }
        | Job::MovedAway { booking, .. }
        | Job::Reminder { booking, .. }
        | Job::Record { booking } => *booking,
        Job::Event {
            event,
            member,
            sequence,
            what,
        } => {
            return ctx
                .about_event(db, (*event, *member), (*sequence, *what))
                .await;
        }
        Job::TurnOfDay | Job::Purge | Job::OffersEnd { .. } => return Ok(Ready::Nothing),
    };
    match booking(db, id).await? {
        Some(row) => ctx.about(db, job, row).await,
        None => Ok(Ready::Nothing),
    }
}

/// What all letters of one run share.
struct Ctx<'a> {
    company: String,
    origin: &'a str,
    now: Time,
}

impl Ctx<'_> {
    /// A letter to a member, if there is one to write to.
    async fn to(
        &self,
        db: &mut Conn,
        member: MemberId,
        write: impl FnOnce(&Writer<'_>, Role) -> Letter,
    ) -> Result<Ready> {
        let Some((reader, role)) = queries::reader(db, member).await? else {
            return Ok(Ready::Nothing);
        };
        let letter = write(
            &Writer {
                language: reader.language,
                name: &reader.name,
                company: &self.company,
            },
            role,
        );
        Ok(Ready::Letter(Box::new((reader, letter))))
    }

    /// The letter of a job that is about an event.
    async fn about_event(
        &self,
        db: &mut Conn,
        whom: (EventId, MemberId),
        (sequence, what): (i64, Gathering),
    ) -> Result<Ready> {
        let told = gathering::Told::load(db, whom, (sequence, what), self.origin, self.now).await?;
        let Some(told) = told else {
            return Ok(Ready::Nothing);
        };
        if let Some(kind) = told.waits_until(what, self.now) {
            return Ok(Ready::At(kind));
        }
        let ready = self
            .to(db, whom.1, |writer, _| writer.event(what, &told))
            .await?;
        Ok(match ready {
            Ready::Letter(mut it) => {
                it.1.calendar = told.file(what, self.now, it.0.language);
                Ready::Letter(it)
            }
            other => other,
        })
    }

    /// The letter of a job that is about a booking.
    async fn about(&self, db: &mut Conn, job: &Job, row: BookingRow) -> Result<Ready> {
        match job {
            Job::Booking {
                sequence,
                what,
                side,
                ..
            } => self.about_booking(db, &row, *sequence, *what, *side).await,
            // When it came back to this host, the letter about that says so.
            Job::MovedAway { host, .. } if row.host == *host => Ok(Ready::Nothing),
            Job::MovedAway {
                host,
                starts,
                sequence,
                ..
            } => {
                // As the booking was for this host: at the old time, and gone.
                let old = BookingRow {
                    starts: *starts,
                    link: None,
                    sequence: *sequence,
                    ..row
                };
                self.moved_away(db, &old, *host).await
            }
            Job::Reminder {
                sequence,
                reminder,
                side,
                ..
            } => {
                if row.cancellation.is_some() || row.sequence != *sequence || row.starts <= self.now
                {
                    return Ok(Ready::Nothing);
                }
                self.reminder(db, &row, *reminder, *side).await
            }
            Job::Record { .. } => {
                let kind = kind_moment(self.now);
                if kind > self.now {
                    return Ok(Ready::At(kind));
                }
                let told = self.told(&row, Side::Holder);
                self.to(db, row.member, |writer, _| writer.record(&told))
                    .await
            }
            Job::SignInCode { .. }
            | Job::Invitation { .. }
            | Job::Event { .. }
            | Job::OffersEnd { .. }
            | Job::TurnOfDay
            | Job::Purge => Ok(Ready::Nothing),
        }
    }

    fn page(&self, id: BookingId, side: Side) -> String {
        let page = match side {
            Side::Holder => Page::Booking(id),
            Side::Host => Page::Interview(id),
        };
        format!("{}{}", self.origin, page.path())
    }

    fn told<'b>(&self, row: &'b BookingRow, side: Side) -> Told<'b> {
        Told {
            with: if side == Side::Holder {
                &row.host_name
            } else {
                &row.member_name
            },
            starts: row.starts,
            place: &row.place,
            link: row.link.as_deref(),
            word: row.cancellation.as_ref().and_then(|it| it.word.as_deref()),
            is_own_doing: row
                .cancellation
                .as_ref()
                .is_some_and(|it| it.by == row.member),
            page: self.page(row.id, side),
        }
    }

    /// The calendar file that goes with a letter.
    fn entry(
        &self,
        row: &BookingRow,
        reader: &Reader,
        with: &str,
        sequence: i64,
        is_cancelled: bool,
    ) -> (&'static str, String) {
        let entry = CalendarEntry {
            booking: row.id,
            sequence,
            starts: row.starts,
            with,
            place: &row.place,
            link: row.link.as_deref().filter(|_| !is_cancelled),
            is_cancelled,
            stamp: self.now,
            language: reader.language,
        };
        (
            if is_cancelled { "CANCEL" } else { "PUBLISH" },
            calendar_entry(&entry),
        )
    }

    async fn about_booking(
        &self,
        db: &mut Conn,
        row: &BookingRow,
        sequence: i64,
        what: What,
        side: Side,
    ) -> Result<Ready> {
        let is_cancelled = what == What::Cancelled;
        // What happened since has a letter of its own; what is over needs none.
        let is_stale = row.cancellation.is_some() != is_cancelled
            || (!is_cancelled && row.sequence != sequence);
        if is_stale || ends(row.starts) <= self.now {
            return Ok(Ready::Nothing);
        }
        let mut told = self.told(row, side);
        if is_cancelled && side == Side::Holder {
            told.page = format!("{}{}", self.origin, Page::Host(row.host, None).path());
            let kind = kind_moment(self.now);
            // Rule 8, unless the person would then stand before a closed door.
            if !told.is_own_doing && kind > self.now && kind < row.starts {
                return Ok(Ready::At(kind));
            }
        }
        // A host who called an interview off needs no letter about it.
        if is_cancelled
            && side == Side::Host
            && row
                .cancellation
                .as_ref()
                .is_some_and(|it| it.by == row.host)
        {
            return Ok(Ready::Nothing);
        }
        let member = if side == Side::Holder {
            row.member
        } else {
            row.host
        };
        let ready = self
            .to(db, member, |writer, _| match side {
                Side::Holder => writer.for_holder(what, &told),
                Side::Host => writer.for_host(what, &told),
            })
            .await?;
        Ok(self.with_calendar(ready, row, told.with, sequence, is_cancelled))
    }

    async fn moved_away(&self, db: &mut Conn, old: &BookingRow, host: MemberId) -> Result<Ready> {
        let told = Told {
            word: None,
            is_own_doing: true,
            page: format!("{}{}", self.origin, Page::Slots.path()),
            ..self.told(old, Side::Host)
        };
        let ready = self
            .to(db, host, |writer, _| {
                writer.for_host(What::Cancelled, &told)
            })
            .await?;
        Ok(self.with_calendar(ready, old, told.with, old.sequence, true))
    }

    async fn reminder(
        &self,
        db: &mut Conn,
        row: &BookingRow,
        reminder: Reminder,
        side: Side,
    ) -> Result<Ready> {
        let told = self.told(row, side);
        let member = if side == Side::Holder {
            row.member
        } else {
            row.host
        };
        self.to(db, member, |writer, _| writer.reminder(reminder, &told))
            .await
    }

    fn with_calendar(
        &self,
        ready: Ready,
        row: &BookingRow,
        with: &str,
        sequence: i64,
        is_cancelled: bool,
    ) -> Ready {
        match ready {
            Ready::Letter(mut it) => {
                it.1.calendar = Some(self.entry(row, &it.0, with, sequence, is_cancelled));
                Ready::Letter(it)
            }
            other => other,
        }
    }
}
