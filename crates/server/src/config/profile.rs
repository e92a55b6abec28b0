//! How one `[[providers]]` entry behaves: its profile, with what the entry
//! overrides.

use super::{
    address,
    diagnostics::Diagnostics,
    duration,
    schema::{ErrorCodes, Provider, UserinfoKeys},
};
use confidant_bff::settings::{
    ClientAuthentication, ErrorClass, ProviderProfile, RefreshGrant, RevocationStyle,
    TokenValidation,
};
use confidant_protocol::Reuse;

/// The profile of an entry.
pub(super) struct Profile {
    /// The id of the preset.
    pub(super) id: String,
    /// The preset, with what the entry overrides.
    pub(super) effective: ProviderProfile,
    /// Whether the entry overrides anything.
    pub(super) is_custom: bool,
}

/// Returns the profile of this entry.
pub(super) fn validate(entry: &Provider, diagnostics: &mut Diagnostics<'_>) -> Option<Profile> {
    let (id, preset) = match &entry.profile {
        Some(id) => (id.get_ref().clone(), diagnostics.parse(id, preset)?),
        None => ("generic".to_owned(), ProviderProfile::generic()),
    };
    let mut effective = preset.clone();
    requests(entry, &mut effective, diagnostics);
    refreshes(entry, &mut effective, diagnostics);
    calls(entry, &mut effective, diagnostics);
    if let Some(codes) = &entry.error_codes {
        assign_codes(codes.get_ref(), &mut effective);
    }
    let is_custom = effective != preset;
    Some(Profile {
        id,
        effective,
        is_custom,
    })
}

fn preset(id: &str) -> Result<ProviderProfile, String> {
    ProviderProfile::by_id(id).ok_or_else(|| {
        format!(
            "there is no profile {id:?}: expected one of {}",
            ProviderProfile::IDS.join(", ")
        )
    })
}

/// Overrides how the client authenticates and what it asks for.
fn requests(entry: &Provider, profile: &mut ProviderProfile, diagnostics: &mut Diagnostics<'_>) {
    let methods = [
        ("basic", ClientAuthentication::Basic),
        ("post", ClientAuthentication::Body),
        ("none", ClientAuthentication::None),
    ];
    if let Some(method) =
        diagnostics.parse_optional(&entry.client_authentication, |text| one_of(text, &methods))
    {
        profile.client_authentication = Some(method);
    }
    if let Some(pkce) = entry.pkce {
        profile.pkce = pkce;
    }
    if let Some(name) = diagnostics.parse_optional(&entry.scope_parameter, parameter_name) {
        profile.scope_parameter = name;
    }
    if let Some(separator) = diagnostics.parse_optional(&entry.scope_separator, separator) {
        profile.scope_separator = separator;
    }
}

/// Overrides what token requests contain and what their responses mean.
fn refreshes(entry: &Provider, profile: &mut ProviderProfile, diagnostics: &mut Diagnostics<'_>) {
    let rules = [("strict", Reuse::Strict), ("reusable", Reuse::Reusable)];
    if let Some(reuse) = diagnostics.parse_optional(&entry.reuse, |text| one_of(text, &rules)) {
        profile.reuse = reuse;
    }
    if let (Some(reuse), Some(_)) = (&entry.reuse, &entry.grace) {
        diagnostics.report(reuse, "contradicts `grace`: expected one of the two");
    }
    let grants = [
        ("refresh_token", RefreshGrant::RefreshToken),
        ("fb_exchange_token", RefreshGrant::FacebookExchange),
    ];
    if let Some(grant) =
        diagnostics.parse_optional(&entry.refresh_grant, |text| one_of(text, &grants))
    {
        profile.refresh_grant = grant;
    }
    if let Some(repeats) = entry.redirect_uri_at_refresh {
        profile.redirect_uri_at_refresh = repeats;
    }
    if let Some(member) = &entry.nested_token {
        profile.nested_token = Some(member.clone()).filter(|member| !member.is_empty());
    }
    if let Some(lifetime) = diagnostics.parse_optional(&entry.default_lifetime, duration::parse) {
        profile.default_lifetime = Some(lifetime.as_secs());
    }
}

/// Overrides what the client asks of the provider apart from tokens.
fn calls(entry: &Provider, profile: &mut ProviderProfile, diagnostics: &mut Diagnostics<'_>) {
    let tokeninfo = diagnostics.parse_optional(&entry.tokeninfo_endpoint, address::endpoint);
    if let Some(url) = tokeninfo {
        profile.validation = TokenValidation::Tokeninfo(url.into());
    }
    let validations = [
        ("introspection", TokenValidation::Introspection),
        ("userinfo", TokenValidation::Userinfo),
    ];
    if let Some(validation) =
        diagnostics.parse_optional(&entry.validation, |text| one_of(text, &validations))
    {
        profile.validation = validation;
    }
    if let (Some(validation), Some(_)) = (&entry.validation, &entry.tokeninfo_endpoint) {
        let message = "contradicts `tokeninfo_endpoint`: expected one of the two";
        diagnostics.report(validation, message);
    }
    let styles = [
        ("standard", RevocationStyle::Standard),
        ("bearer_post", RevocationStyle::BearerPost),
        ("bearer_delete", RevocationStyle::BearerDelete),
        ("json_delete", RevocationStyle::JsonDelete),
    ];
    if let Some(style) = diagnostics.parse_optional(&entry.revocation, |text| one_of(text, &styles))
    {
        profile.revocation = style;
    }
    if let Some(revokes) = entry.revoke_on_replacement {
        profile.revoke_on_replacement = revokes;
    }
    if let Some(UserinfoKeys {
        post,
        subject,
        name,
    }) = &entry.userinfo
    {
        let userinfo = &mut profile.userinfo;
        userinfo.post = post.unwrap_or(userinfo.post);
        if subject.is_some() {
            userinfo.subject.clone_from(subject);
        }
        if name.is_some() {
            userinfo.name.clone_from(name);
        }
    }
}

/// Gives each code the class under which the entry lists it.
fn assign_codes(codes: &ErrorCodes, profile: &mut ProviderProfile) {
    for (class, listed) in [
        (ErrorClass::Dead, &codes.dead),
        (ErrorClass::Misconfigured, &codes.misconfigured),
        (ErrorClass::Busy, &codes.busy),
        (ErrorClass::RateLimited, &codes.rate_limited),
        (ErrorClass::Ambiguous, &codes.ambiguous),
    ] {
        let listed: Vec<_> = listed.iter().map(String::as_str).collect();
        profile.token_errors = profile.token_errors.clone().also(class, &listed);
    }
    if let Some(is_dead) = codes.vague_is_dead {
        profile.token_errors.vague_is_dead = is_dead;
    }
}

fn one_of<T: Clone>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let found = choices.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let names: Vec<_> = choices
            .iter()
            .map(|(name, _)| format!("{name:?}"))
            .collect();
        format!("{text:?} is unknown: expected {}", names.join(" or "))
    })
}

fn parameter_name(text: &str) -> Result<String, String> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    if text.is_empty() || !text.bytes().all(is_name) {
        return Err(format!(
            "{text:?} is not the name of a parameter (RFC 6749, appendix A)"
        ));
    }
    Ok(text.to_owned())
}

fn separator(text: &str) -> Result<char, String> {
    match text {
        " " => Ok(' '),
        "," => Ok(','),
        _ => Err(format!(
            "{text:?} separates no scopes: expected \" \" or \",\""
        )),
    }
}
