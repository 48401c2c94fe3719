//! PDP contexts.

use ec20_sim::Environment;

use crate::dialogue::{bench, check, check_on};

#[test]
fn the_manuals_first_step() {
    check(
        r#"
        > AT+QICSGP=1,1,"UNIWAP","","",1
        < OK
        > AT+QIACT=1
        < OK
        > AT+QIACT?
        < +QIACT: 1,1,1,"10.7.157.1"
        < OK
        > AT+QICSGP=1
        < +QICSGP: 1,"UNIWAP","","",1
        < OK
        > AT+QIDEACT=1
        < OK
        > AT+QIACT?
        < OK
        "#,
    );
}

#[test]
fn sixteen_contexts_of_which_three_are_active() {
    check(
        r#"
        > AT+QICSGP=16,1,"a";+QICSGP=1,1,"a";+QICSGP=2,1,"a";+QICSGP=3,1,"a"
        < OK
        > AT+QICSGP=17,1,"a"
        < ERROR
        > AT+QIACT=16
        < OK
        > AT+QIACT=1
        < OK
        > AT+QIACT=2
        < OK
        > AT+QIACT=3
        < ERROR
        > AT+QIGETERROR
        < +QIGETERROR: 561,open PDP context failed
        < OK
        > AT+QIDEACT=16
        < OK
        > AT+QIACT=3
        < OK
        "#,
    );
}

#[test]
fn what_the_manual_asks_to_check_when_activation_fails() {
    let mut bench = bench();
    check_on(
        &mut bench,
        r#"
        # no access point
        > AT+QIACT=1
        < ERROR
        > AT+QICSGP=1,1,"a"
        < OK
        # not attached
        > AT+CGATT=0
        < OK
        > AT+QIACT=1
        < ERROR
        > AT+CGATT=1
        < OK
        # in use by AT+CGACT
        > AT+CGACT=1,1
        < OK
        > AT+QIACT=1
        < ERROR
        > AT+CGACT=0,1
        < OK
        > AT+QIACT=1
        < OK
        "#,
    );
    bench.happens(Environment::PdpLost(1));
    check_on(&mut bench, "! +QIURC: \"pdpdeact\",1\n> AT+QIACT?\n< OK");
    bench.happens(Environment::ContextsRefused(true));
    check_on(&mut bench, "> AT+QIACT=1\n< ERROR");
}

#[test]
fn bytes_that_come_while_a_context_is_activated_wait() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+QICSGP=1,1,\"a\"\n< OK");
    bench.send(b"AT+QIACT=1\rAT\r");
    assert_eq!(bench.take(), b"AT+QIACT=1\r");
    bench.run_for(150_000);
    assert_eq!(bench.take(), b"\r\nOK\r\nAT\r\r\nOK\r\n");
}
