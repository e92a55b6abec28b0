//! Tests of the refresh decision together with the records.

mod adversarial;
