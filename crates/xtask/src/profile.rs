//! The build profiles.

/// How much time a build spends on making the result small and fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Debug,
    /// Small and fast.
    Release,
}

impl Profile {
    /// Returns the profile that the option `--release` selects.
    pub(crate) fn from_release_flag(release: bool) -> Self {
        if release { Self::Release } else { Self::Debug }
    }

    /// Returns cargo's profile for the browser's code.
    pub(crate) fn for_wasm(self) -> &'static str {
        match self {
            Self::Debug => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }

    /// Returns cargo's profile for the server.
    pub(crate) fn for_server(self) -> &'static str {
        match self {
            Self::Debug => "dev",
            Self::Release => "release",
        }
    }

    /// Returns the folder of the server's binary under `target`.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}
