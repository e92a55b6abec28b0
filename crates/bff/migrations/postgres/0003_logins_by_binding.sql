-- A sign-out deletes the sign-ins that were begun in the same browser.
CREATE INDEX logins_by_binding ON logins (binding_digest);
