//! The one form on a page of the demo provider's.

use crate::Error;

/// A form, as far as it has to be understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) hidden: Vec<(String, String)>,
    pub(super) asks_for_password: bool,
}

impl Form {
    pub(super) fn read(page: &str) -> Result<Self, Error> {
        let missing = || Error::because(format!("no form: {page}"));
        let (_, form) = page.split_once("<form").ok_or_else(missing)?;
        let hidden = form
            .split('<')
            .filter(|tag| tag.starts_with("input") && tag.contains(r#"type="hidden""#))
            .map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
            .collect::<Option<_>>();
        Ok(Self {
            action: attribute(form, "action").ok_or_else(missing)?,
            hidden: hidden.ok_or_else(missing)?,
            asks_for_password: form.contains(r#"type="password""#),
        })
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_its_hidden_fields() {
        let page = r#"<h1>Hi</h1><form method="post" action="/login"><input type="hidden"
            name="request" value="a&amp;b"><input type="password" name="password"></form>"#;
        let form = Form::read(&page.replace("\n            ", " ")).unwrap();
        assert_eq!(form.action, "/login");
        assert_eq!(form.hidden, [("request".to_owned(), "a&b".to_owned())]);
        assert!(form.asks_for_password);
    }
}
