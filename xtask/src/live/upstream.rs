//! The server behind a proxy.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// How to reach the server.
pub(crate) enum Upstream {
    /// A Unix socket.
    Unix(PathBuf),
    /// A host and port.
    Tcp(String),
    /// A host and port with TLS.
    Tls(String, Arc<ClientConfig>),
}

/// Both directions of a connection.
pub(crate) trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

impl Upstream {
    /// A server with TLS that shows a certificate of `authority`, a PEM file, or that very one;
    /// `identity` are the PEM files of our own certificate and its key, where the server asks.
    pub(crate) fn tls(
        address: &str,
        authority: &Path,
        identity: Option<(&Path, &Path)>,
    ) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(authority)? {
            roots.add(certificate)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots);
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let key = PrivateKeyDer::from_pem_file(key).context("no private key")?;
                builder.with_client_auth_cert(certificates(certificate)?, key)?
            }
        };
        Ok(Self::Tls(address.to_owned(), Arc::new(config)))
    }

    /// A new connection.
    pub(crate) fn connect(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            Self::Unix(path) => Ok(Box::new(UnixStream::connect(path)?)),
            Self::Tcp(address) => Ok(Box::new(TcpStream::connect(address)?)),
            Self::Tls(address, config) => {
                let host = address
                    .rsplit_once(':')
                    .map_or(&**address, |(host, _)| host);
                let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
                let connection = ClientConnection::new(Arc::clone(config), name);
                let connection = connection.map_err(io::Error::other)?;
                let stream = TcpStream::connect(address)?;
                Ok(Box::new(StreamOwned::new(connection, stream)))
            }
        }
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let all = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    all.with_context(|| format!("{} is not PEM", file.display()))
}
