//! As much HTTP/1.1 as a proxy and a plain client need.

use std::io::{self, Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

/// How long a question of a test may take.
const ANSWER: Duration = Duration::from_secs(10);

/// Most bytes of a request's head; more is a mistake of the test.
const LONGEST_HEAD: usize = 1 << 20;

/// A request as it was read.
pub(crate) struct Request {
    /// The method.
    pub(crate) method: String,
    /// The path with its query.
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// What it asks for, in one line: an AWS call by its action, any other by method and path.
    pub(crate) fn line(&self) -> String {
        match self.action() {
            Some(action) => action.to_owned(),
            None => format!("{} {}", self.method, self.path),
        }
    }

    /// The action of an AWS call: in a header, or the field `Action` of a form.
    pub(crate) fn action(&self) -> Option<&str> {
        if let Some(action) = self.header("x-amz-target") {
            return Some(action);
        }
        let form = std::str::from_utf8(&self.body).ok()?;
        form.split('&')
            .find_map(|field| field.strip_prefix("Action="))
    }

    /// The request for the server, which closes the connection behind its answer.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let length = self.body.len().to_string();
        head.extend(["Content-Length: ", &length, "\r\nConnection: close\r\n\r\n"]);
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Reads a request; none when the client went away first.
pub(crate) fn read(stream: &mut impl Read) -> io::Result<Option<Request>> {
    let Some(head) = head(stream)? else {
        return Ok(None);
    };
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (words.next(), words.next());
    let mut headers: Vec<_> = lines.filter_map(pair).collect();
    let body = body(&headers, stream)?;
    // The length is told anew, and each connection carries one request.
    let ours = [
        "content-length",
        "transfer-encoding",
        "connection",
        "expect",
    ];
    let is_ours = |name: &str| ours.iter().any(|own| name.eq_ignore_ascii_case(own));
    headers.retain(|(name, _)| !is_ours(name));
    Ok(Some(Request {
        method: method.unwrap_or_default().to_owned(),
        path: path.unwrap_or_default().to_owned(),
        headers,
        body,
    }))
}

/// Reads an answer: its status and its body.
pub(crate) fn read_answer(stream: &mut impl Read) -> io::Result<(u16, Vec<u8>)> {
    let head = head(stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.and_then(|status| status.parse().ok());
    let headers: Vec<_> = lines.filter_map(pair).collect();
    Ok((
        status.ok_or(io::ErrorKind::InvalidData)?,
        body(&headers, stream)?,
    ))
}

/// Asks a server for a path: its status and what it says.
pub(crate) fn get(address: &str, path: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(ANSWER))?;
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let (status, body) = read_answer(&mut stream)?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// Sends a datagram, and returns the one that comes back as an answer of a server.
pub(crate) fn echoed(address: &str, text: &str) -> io::Result<(u16, String)> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.set_read_timeout(Some(ANSWER))?;
    socket.connect(address)?;
    socket.send(text.as_bytes())?;
    let mut answer = vec![0; text.len()];
    let length = socket.recv(&mut answer)?;
    let answer = answer.get(..length).unwrap_or_default();
    Ok((200, String::from_utf8_lossy(answer).into_owned()))
}

/// The lines before a body; none when nothing comes, or more than is sensible.
fn head(stream: &mut impl Read) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte)? == 0 || head.len() > LONGEST_HEAD {
            return Ok(None);
        }
        head.extend_from_slice(&byte);
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

fn pair(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.to_owned(), value.trim().to_owned()))
}

fn find<'headers>(headers: &'headers [(String, String)], name: &str) -> Option<&'headers str> {
    let mut headers = headers.iter();
    let found = headers.find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

fn body(headers: &[(String, String)], stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let chunked = find(headers, "transfer-encoding");
    if chunked.is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return chunks(stream);
    }
    let length = find(headers, "content-length");
    let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn chunks(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = line(stream)?;
        let length = length.split(';').next().unwrap_or_default();
        let length = usize::from_str_radix(length, 16).map_err(io::Error::other)?;
        let mut chunk = vec![0; length];
        stream.read_exact(&mut chunk)?;
        line(stream)?;
        if length == 0 {
            return Ok(body);
        }
        body.append(&mut chunk);
    }
}

fn line(stream: &mut impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        line.extend_from_slice(&byte);
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// An answer of the proxy's own.
pub(crate) fn answer(status: u16, retry_after: Option<u64>, body: &str) -> Vec<u8> {
    let pause = retry_after.map_or_else(String::new, |time| format!("Retry-After: {time}\r\n"));
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Injected\r\nContent-Type: application/json\r\n{pause}\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_in_a_header_or_in_a_form() -> io::Result<()> {
        let form = "Version=2010-05-15&Action=CreateStack";
        let length = form.len();
        let form = format!("POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{form}");
        for (text, action) in [
            ("POST / HTTP/1.1\r\nX-Amz-Target: E.Run\r\n\r\n", "E.Run"),
            (&form, "CreateStack"),
            ("GET /a HTTP/1.1\r\n\r\n", "GET /a"),
        ] {
            let request = read(&mut text.as_bytes())?.ok_or(io::ErrorKind::UnexpectedEof)?;
            assert_eq!(request.line(), action);
        }
        Ok(())
    }

    #[test]
    fn a_body_in_chunks_is_passed_on_whole() -> io::Result<()> {
        let text = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX-Amz-Target: E.Run\r\n\r\n\
                    3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let request = read(&mut text.as_bytes())?.ok_or(io::ErrorKind::UnexpectedEof)?;
        assert_eq!(request.line(), "E.Run");
        let sent = String::from_utf8_lossy(&request.bytes()).into_owned();
        assert!(
            sent.ends_with("Content-Length: 5\r\nConnection: close\r\n\r\nabcde"),
            "{sent}"
        );
        assert!(!sent.to_lowercase().contains("transfer-encoding"), "{sent}");
        Ok(())
    }
}
