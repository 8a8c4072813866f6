//! Dates and times as Go's YAML reader takes them.

use std::fmt;

/// A point in time with the offset it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    /// Minutes east of Greenwich; 0 where `Z` or nothing was written.
    offset: i16,
}

/// Reads the four forms go-yaml knows: `2006-1-2T15:4:5.9Z`, with a small `t`, with a blank and no
/// zone, and the bare date.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let mut rest = text;
    let year = number(&mut rest, 4, 4)?;
    expect(&mut rest, b'-')?;
    let month = number(&mut rest, 1, 2)?;
    expect(&mut rest, b'-')?;
    let day = number(&mut rest, 1, 2)?;
    if !(1..=12).contains(&month) || day < 1 || day > days(year, month) {
        return None;
    }
    let date = Timestamp {
        year,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        offset: 0,
    };
    match rest.as_bytes().first() {
        None => Some(date),
        Some(b'T' | b't') => clock(date, rest.get(1..)?, true),
        Some(b' ') => clock(date, rest.trim_start_matches(' '), false),
        Some(_) => None,
    }
}

fn clock(date: Timestamp, text: &str, zoned: bool) -> Option<Timestamp> {
    let mut rest = text;
    let hour = number(&mut rest, 1, 2)?;
    expect(&mut rest, b':')?;
    let minute = number(&mut rest, 1, 2)?;
    expect(&mut rest, b':')?;
    let second = number(&mut rest, 1, 2)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let nanosecond = fraction(&mut rest)?;
    let offset = if zoned { zone(&mut rest)? } else { 0 };
    rest.is_empty().then_some(Timestamp {
        hour: u8::try_from(hour).ok()?,
        minute: u8::try_from(minute).ok()?,
        second: u8::try_from(second).ok()?,
        nanosecond,
        offset,
        ..date
    })
}

/// Nanoseconds behind a `.` or `,`; more than nine digits are cut off, as Go does.
fn fraction(rest: &mut &str) -> Option<u32> {
    let Some(digits_and_more) = rest.strip_prefix(['.', ',']) else {
        return Some(0);
    };
    let length = digits_and_more
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let digits = digits_and_more.get(..length.min(9))?;
    *rest = digits_and_more.get(length..)?;
    let value: u32 = digits.parse().ok()?;
    let missing = u32::try_from(9 - digits.len()).ok()?;
    Some(value * 10_u32.pow(missing))
}

/// `Z`, or hours and minutes with a sign.
fn zone(rest: &mut &str) -> Option<i16> {
    if let Some(behind) = rest.strip_prefix('Z') {
        *rest = behind;
        return Some(0);
    }
    let sign = match rest.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    *rest = rest.get(1..)?;
    let hours = i16::try_from(number(rest, 2, 2)?).ok()?;
    expect(rest, b':')?;
    let minutes = i16::try_from(number(rest, 2, 2)?).ok()?;
    // Go's reader really goes up to these.
    (hours <= 24 && minutes <= 60).then_some(sign * (hours * 60 + minutes))
}

fn number(rest: &mut &str, least: usize, most: usize) -> Option<u16> {
    let length = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let digits = rest.get(..length).filter(|_| length >= least)?;
    *rest = rest.get(length..)?;
    digits.parse().ok()
}

fn expect(rest: &mut &str, wanted: u8) -> Option<()> {
    if rest.as_bytes().first() != Some(&wanted) {
        return None;
    }
    *rest = rest.get(1..)?;
    Some(())
}

fn days(year: u16, month: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Timestamp {
    /// As Go prints a `time.Time`: `2024-01-01 00:00:00 +0000 UTC`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            nanosecond,
            offset,
        } = *self;
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        )?;
        if nanosecond != 0 {
            let digits = format!("{nanosecond:09}");
            write!(formatter, ".{}", digits.trim_end_matches('0'))?;
        }
        match offset {
            0 => formatter.write_str(" +0000 UTC"),
            minutes => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
                // A zone without a name is printed by its offset a second time.
                write!(
                    formatter,
                    " {sign}{hours:02}{minutes:02} {sign}{hours:02}{minutes:02}"
                )
            }
        }
    }
}
