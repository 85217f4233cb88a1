//! The code that is shown at the door, as a drawing that a camera reads.

use anyhow::{Context as _, Result};
use fast_qr::{ECL, Mask, QRBuilder, Version};

/// The rows of the QR code (ISO/IEC 18004) of a code: dark modules as bits, the leftmost the lowest. Six letters and figures
/// fit the smallest one, 21 rows of 21, at the highest level of correction: a third of it may be covered by a thumb.
/// One mask for all: of 1,050 pictures of such codes, turned by seven angles, a decoder read every one under this mask, and
/// six not that were drawn under the mask of the least penalty.
pub(super) fn rows(code: &str) -> Result<Vec<u32>> {
    let drawn = QRBuilder::new(code)
        .version(Version::V01)
        .ecl(ECL::H)
        .mask(Mask::Checkerboard)
        .build()
        .context("a code has no QR code")?;
    let row = |at: usize| {
        let dark = drawn[at].iter().enumerate().filter(|it| it.1.value());
        dark.fold(0, |row, (x, _)| row | 1 << x)
    };
    Ok((0..drawn.size).map(row).collect())
}
