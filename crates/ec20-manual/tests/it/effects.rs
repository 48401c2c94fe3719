//! What the gate believes of a command.

use ec20_manual::{Catalogue, Effect, FormKind};
use rstest::rstest;

#[track_caller]
fn check(name: &str, form: FormKind, params: &str, want: Effect) {
    let ours = |file: &[u8]| file == b"RAM:mine.txt" || file == b"UFS:mine.txt" || file.contains(&b'*');
    let got = Catalogue::manual().classify(name, form, params.as_bytes(), &ours);
    assert_eq!(got, want, "AT{name} {} {params}", form.name());
}

use Effect::{Billable, Destructive, Nv, Radio, Read, Settings, Volatile};
use FormKind::{Exec, Test, Write};

#[rstest]
#[case::send("+QMMSEND", Write, "100", Billable)]
#[case::send_asked("+QMMSEND", Test, "", Read)]
#[case::a_form_nobody_described_may_send("+QMMSEND", Exec, "", Billable)]
#[case::and_so_may_a_read_form("+QMMSEND", FormKind::Read, "", Billable)]
#[case::setting_asked("+QMMSCFG", Write, "\"contextid\"", Read)]
#[case::setting_written("+QMMSCFG", Write, "\"contextid\",1", Settings)]
#[case::setting_emptied("+QMMSCFG", Write, "\"mmsc\",\"\"", Settings)]
#[case::setting_without_quotes("+QMMSCFG", Write, "contextid", Read)]
#[case::unknown_key("+QMMSCFG", Write, "\"nosuch\"", Settings)]
#[case::a_blank_inside_a_key_is_another_key("+QMMSCFG", Write, "\"character \"", Settings)]
#[case::comma_inside_quotes("+QMMSCFG", Write, "\"contextid,1\"", Settings)]
#[case::message_cleared("+QMMSEDIT", Write, "0", Volatile)]
#[case::message_asked("+QMMSEDIT", Write, "4", Read)]
#[case::list_emptied("+QMMSEDIT", Write, "4,0", Volatile)]
#[case::recipient_added("+QMMSEDIT", Write, "1,1,\"13856122546\"", Volatile)]
#[case::quote_left_open("+QMMSEDIT", Write, "1,1,\"13856122546", Volatile)]
#[case::upload_to_ram("+QFUPL", Write, "\"RAM:t.txt\",100", Volatile)]
#[case::upload_to_flash("+QFUPL", Write, "\"t.txt\",100", Nv)]
#[case::upload_to_who_knows("+QFUPL", Write, "\"ram:t.txt\",100", Nv)]
#[case::delete_our_file("+QFDEL", Write, "\"RAM:mine.txt\"", Volatile)]
#[case::delete_our_flash_file("+QFDEL", Write, "\"UFS:mine.txt\"", Volatile)]
#[case::delete_a_strangers_file("+QFDEL", Write, "\"RAM:other.txt\"", Destructive)]
#[case::delete_all("+QFDEL", Write, "\"*\"", Destructive)]
#[case::delete_all_ram("+QFDEL", Write, "\"RAM:*\"", Destructive)]
#[case::delete_with_more("+QFDEL", Write, "\"RAM:mine.txt\",1", Destructive)]
#[case::delete_open_quote("+QFDEL", Write, "\"RAM:mine.txt", Destructive)]
#[case::list_all("+QFLST", Write, "\"*\"", Read)]
#[case::factory("&F", Exec, "", Destructive)]
#[case::factory_with_number("&F", Exec, "0", Destructive)]
#[case::reset("Z", Exec, "", Destructive)]
#[case::reboot("+CFUN", Write, "1,1", Destructive)]
#[case::reboot_with_blank("+CFUN", Write, "1, 1", Destructive)]
#[case::airplane("+CFUN", Write, "4", Radio)]
#[case::no_reset("+CFUN", Write, "1,0", Radio)]
#[case::function_asked("+CFUN", FormKind::Read, "", Read)]
#[case::profile_stored("&W", Exec, "", Nv)]
#[case::context_on("+QIACT", Write, "1", Radio)]
#[case::context_off("+QIDEACT", Write, "1", Radio)]
#[case::contexts_asked("+QIACT", FormKind::Read, "", Read)]
#[case::attach("+CGATT", Write, "1", Radio)]
#[case::operator_scan("+COPS", Test, "", Radio)]
#[case::operator_asked("+COPS", FormKind::Read, "", Read)]
#[case::apn("+QICSGP", Write, "1,1,\"UNIWAP\",\"\",\"\",1", Settings)]
#[case::apn_asked("+QICSGP", Write, "1", Read)]
#[case::errors("+CMEE", Write, "2", Settings)]
#[case::charset("+CSCS", Write, "\"GSM\"", Settings)]
#[case::echo("E", Exec, "0", Volatile)]
#[case::pin_may_lock("+CPIN", Write, "\"0000\"", Destructive)]
#[case::identity("I", Exec, "", Read)]
#[case::bare("AT", Exec, "", Read)]
#[case::repeat("A/", Exec, "", Destructive)]
#[case::dial("D", Exec, "112;", Destructive)]
#[case::unknown("+QNOSUCH", Test, "", Destructive)]
#[case::letter_with_a_sign("+E", Write, "1", Destructive)]
#[case::register_with_a_sign("+S3", FormKind::Read, "", Destructive)]
#[case::bare_with_a_sign("+AT", Exec, "", Destructive)]
#[case::grammars_name_with_a_sign("+AMP_W", Exec, "", Destructive)]
#[case::two_signs("++QMMSEDIT", Write, "4", Destructive)]
fn a_command_does(#[case] name: &str, #[case] form: FormKind, #[case] params: &str, #[case] want: Effect) {
    check(name, form, params, want);
}

#[test]
fn only_the_send_and_the_unknown_form_of_it_cost_money() {
    let billable: Vec<&str> = Catalogue::manual()
        .commands()
        .iter()
        .flat_map(|command| &command.forms)
        .filter(|form| form.effect == Billable)
        .map(|form| form.name.as_str())
        .collect();
    assert_eq!(billable, ["qmmsend_write"]);
}

#[test]
fn the_scale_runs_from_harmless_to_worst() {
    assert!(Effect::ALL.is_sorted());
    assert_eq!(Effect::ALL.last(), Some(&Effect::WORST));
}
