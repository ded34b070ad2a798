//! What no single service can show: the four together, with everything going wrong around them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod a_form_for_tablets;
mod a_hostile_stream;
mod a_service_is_killed;
mod a_year;
mod bus_is_down;
mod everything_again;
mod forms_in_libreoffice;
mod forms_of_units;
mod kill_loop;
mod looking_back;
mod one_trace;
mod policies;
mod publications;
mod python_client;
mod reports_of_a_unit;
mod store_deleted;
mod the_page;
