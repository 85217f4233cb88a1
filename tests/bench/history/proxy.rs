//! A wire that breaks: it carries so many bytes, one way or the other, and then ends in the middle of a word.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use tests::fuzz::Dice;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

/// Bytes that one wire in two carries at most: a few wishes with their answers.
const FEW: usize = 8_000;
/// And the other: a first load passes now and then.
const MANY: usize = 800_000;

pub(super) struct Proxy {
    port: u16,
    cuts: Arc<AtomicU64>,
    /// Cut so often, wires hold.
    until: Arc<AtomicU64>,
    _wires: JoinSet<()>,
}

impl Proxy {
    pub(super) async fn start(to: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let (cuts, until) = (
            Arc::new(AtomicU64::new(0)),
            Arc::new(AtomicU64::new(u64::MAX)),
        );
        let (counted, last) = (cuts.clone(), until.clone());
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            let mut wires = JoinSet::new();
            let mut dice = Dice::new(7);
            while let Ok((near, _)) = listener.accept().await {
                while wires.try_join_next().is_some() {}
                let (counted, last) = (counted.clone(), last.clone());
                let lasts = 1 + if dice.often(50) {
                    dice.below(FEW)
                } else {
                    dice.below(MANY)
                };
                wires.spawn(async move {
                    if let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await {
                        carry(near, far, lasts, &counted, &last).await;
                    }
                });
            }
        });
        Ok(Self {
            port,
            cuts,
            until,
            _wires: listening,
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Waits until so many wires were cut; from then on they hold.
    pub(super) async fn cut(&self, count: u64) {
        while self.cuts.load(Ordering::Relaxed) < count {
            sleep(Duration::from_millis(50)).await;
        }
        self.until.store(0, Ordering::Relaxed);
    }
}

/// Carries bytes both ways until one side ends, or until so many were carried.
async fn carry(near: TcpStream, far: TcpStream, lasts: usize, cuts: &AtomicU64, until: &AtomicU64) {
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) =
        (near.into_split(), far.into_split());
    let (mut there, mut back) = (vec![0; 4_096], vec![0; 4_096]);
    let mut carried = 0;
    loop {
        let (count, is_there) = tokio::select! {
            it = near_in.read(&mut there) => (it.unwrap_or(0), true),
            it = far_in.read(&mut back) => (it.unwrap_or(0), false),
        };
        let holds = cuts.load(Ordering::Relaxed) >= until.load(Ordering::Relaxed);
        // The last bytes arrive, the rest of the word does not.
        let passes = if holds {
            count
        } else {
            count.min(lasts - carried)
        };
        let written = if is_there {
            far_out.write_all(&there[..passes]).await
        } else {
            near_out.write_all(&back[..passes]).await
        };
        carried += passes;
        if count == 0 || written.is_err() {
            return;
        }
        if !holds && carried >= lasts {
            cuts.fetch_add(1, Ordering::Relaxed);
            return;
        }
    }
}
