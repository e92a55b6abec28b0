//! The form of a login page, consent page or page of the application.

use crate::Error;
use url::form_urlencoded;

/// What a browser needs to know of a form in order to submit it.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// The address that it is submitted to.
    pub action: String,
    /// Names and values of its hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Whether it has a password field.
    pub asks_for_password: bool,
}

impl Form {
    /// Reads the first form of a page.
    ///
    /// # Errors
    /// If there is none.
    pub fn parse(page: &str) -> Result<Self, Error> {
        let missing = || Error::message(format!("the page has no form: {page}"));
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

    /// Reads the form of a page that is submitted to this address.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(page: &str, action: &str) -> Result<Self, Error> {
        let forms = page.split("<form").skip(1);
        forms
            .filter_map(|rest| rest.split("</form").next())
            .filter_map(|form| Self::parse(&format!("<form{form}")).ok())
            .find(|form| form.action == action)
            .ok_or_else(|| Error::message(format!("no form leads to {action}: {page}")))
    }

    /// Returns the body of a request that submits the form with these fields
    /// besides the hidden ones.
    pub fn body(&self, fields: &[(&str, &str)]) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.hidden)
            .extend_pairs(fields)
            .finish()
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
        let form = Form::parse(&page.replace("\n            ", " ")).unwrap();
        assert_eq!(form.action, "/login");
        assert_eq!(form.hidden, [("request".to_owned(), "a&b".to_owned())]);
        assert!(form.asks_for_password);
        assert_eq!(form.body(&[("x", "y")]), "request=a%26b&x=y");
    }

    #[test]
    fn a_form_is_found_by_its_address_and_read_without_the_fields_of_others() {
        let page = r#"<form action="/a"><button></form><form action="/b">
            <input type="hidden" name="x" value="1"></form>"#;
        assert_eq!(Form::find(page, "/a").unwrap().hidden, []);
        assert_eq!(Form::find(page, "/b").unwrap().hidden.len(), 1);
        assert!(Form::find(page, "/c").is_err());
    }
}
