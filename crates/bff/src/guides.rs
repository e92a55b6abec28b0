#![doc = include_str!("../docs/providers/README.md")]

/// Declares a module for each guide, which contains nothing but its text.
macro_rules! guides {
    ($($id:ident),* $(,)?) => {
        $(
            #[doc = include_str!(concat!("../docs/providers/", stringify!($id), ".md"))]
            pub mod $id {}
        )*

        #[cfg(test)]
        const IDS: &[&str] = &[$(stringify!($id)),*];
    };
}

guides!(
    generic, apple, auth0, authelia, cognito, dropbox, entra, facebook, fitbit, github, gitlab,
    google, keycloak, linkedin, okta, salesforce, slack, x, zitadel,
);

#[cfg(test)]
mod tests {
    use confidant_protocol::ProviderProfile;

    #[test]
    fn every_profile_has_a_guide() {
        assert_eq!(super::IDS, ProviderProfile::IDS);
    }
}
