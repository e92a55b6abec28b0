//! Hosts.

/// Hosts that are this machine.
pub const LOOPBACK: &[&str] = &[
    "localhost",
    "LOCALHOST",
    "app.localhost",
    "a.b.localhost",
    "127.0.0.1",
    "127.255.255.254",
    "::1",
    "[::1]",
];

/// Hosts that are not.
pub const OTHER: &[&str] = &[
    "",
    ".localhost",
    "localhost.",
    "localhost.example",
    "notlocalhost",
    "127.0.0.1.example",
    "127.evil.example",
    "127.1",
    "0.0.0.0",
    "10.0.0.1",
    "128.0.0.1",
    "[::2]",
    "[::1",
    "::ffff:127.0.0.1",
    "example",
];
