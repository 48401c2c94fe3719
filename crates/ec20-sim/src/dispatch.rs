//! Which command is which: the table from name and operation to the grammar's form and to what carries it out.
//!
//! Knows every command the module has. Whatever stands in no row is answered `ERROR`: a bare `OK` to a question would
//! make real clients stumble.

use ec20_manual::profile::Habit;

use crate::command::{bearer, core, files, identity, network};
use crate::message::{config, edit, submit};
use crate::module::Module;
use crate::reply::Refusal;
use crate::run::{Flow, Outcome};
use crate::words::{Command, Operation, Value};

/// How a row is carried out.
#[derive(Clone, Copy)]
enum Handler {
    /// By a function.
    Run(fn(&mut Module, &Command) -> Outcome),
    /// By saying one line.
    Says(&'static str),
    /// By `OK` alone.
    Nothing,
}

use Handler::{Nothing, Run, Says};
use Operation::{Execute, Read, Test, Write};

struct Row {
    name: &'static str,
    operation: Operation,
    form: &'static str,
    handler: Handler,
}

const fn row(name: &'static str, operation: Operation, form: &'static str, handler: Handler) -> Row {
    Row { name, operation, form, handler }
}

/// In the order of the commands' families; looked up through [`find`].
const ROWS: &[Row] = &[
    row("", Execute, "at_exec", Nothing),
    row("E", Execute, "e_exec", Run(core::echo)),
    row("V", Execute, "v_exec", Run(core::verbose)),
    row("Q", Execute, "q_exec", Run(core::quiet)),
    row("X", Execute, "x_exec", Run(core::keep_number)),
    row("L", Execute, "l_exec", Run(core::keep_number)),
    row("M", Execute, "m_exec", Run(core::keep_number)),
    row("&C", Execute, "amp_c_exec", Run(core::keep_number)),
    row("&D", Execute, "amp_d_exec", Run(core::keep_number)),
    row("&S", Execute, "amp_s_exec", Run(core::keep_number)),
    row("H", Execute, "h_exec", Nothing),
    row("D", Write, "d_write", Run(core::dial)),
    row("Z", Execute, "z_exec", Run(core::reset)),
    row("&F", Execute, "amp_f_exec", Run(core::factory)),
    row("&W", Execute, "amp_w_exec", Run(core::store)),
    row("&V", Execute, "amp_v_exec", Run(core::view)),
    row("I", Execute, "i_exec", Run(identity::information)),
    row("+CMEE", Test, "cmee_test", Says("+CMEE: (0,1,2)")),
    row("+CMEE", Read, "cmee_read", Run(core::cmee_read)),
    row("+CMEE", Write, "cmee_write", Run(core::cmee_write)),
    row("+CSCS", Test, "cscs_test", Says("+CSCS: (\"GSM\",\"IRA\",\"UCS2\")")),
    row("+CSCS", Read, "cscs_read", Run(core::cscs_read)),
    row("+CSCS", Write, "cscs_write", Run(core::cscs_write)),
    row("+CLAC", Test, "clac_test", Nothing),
    row("+CLAC", Execute, "clac_exec", Run(core::list_commands)),
    row("+CMGF", Test, "cmgf_test", Says("+CMGF: (0,1)")),
    row("+CMGF", Read, "cmgf_read", Run(core::cmgf_read)),
    row("+CMGF", Write, "cmgf_write", Run(core::cmgf_write)),
    row("+CSCA", Test, "csca_test", Nothing),
    row("+CSCA", Read, "csca_read", Says("+CSCA: \"+8613010112500\",145")),
    row("+CPMS", Test, "cpms_test", Says("+CPMS: (\"ME\",\"SM\"),(\"ME\",\"SM\"),(\"ME\",\"SM\")")),
    row("+CPMS", Read, "cpms_read", Says("+CPMS: \"SM\",0,50,\"SM\",0,50,\"SM\",0,50")),
    row("+CPMS", Write, "cpms_write", Run(core::cpms_write)),
    row("+CGMI", Test, "cgmi_test", Nothing),
    row("+CGMI", Execute, "cgmi_exec", Run(identity::manufacturer)),
    row("+GMI", Test, "gmi_test", Nothing),
    row("+GMI", Execute, "gmi_exec", Run(identity::manufacturer)),
    row("+CGMM", Test, "cgmm_test", Nothing),
    row("+CGMM", Execute, "cgmm_exec", Run(identity::model)),
    row("+GMM", Test, "gmm_test", Nothing),
    row("+GMM", Execute, "gmm_exec", Run(identity::model)),
    row("+CGMR", Test, "cgmr_test", Nothing),
    row("+CGMR", Execute, "cgmr_exec", Run(identity::revision)),
    row("+GMR", Test, "gmr_test", Nothing),
    row("+GMR", Execute, "gmr_exec", Run(identity::revision)),
    row("+QGMR", Test, "qgmr_test", Nothing),
    row("+QGMR", Execute, "qgmr_exec", Run(identity::build)),
    row("+CGSN", Test, "cgsn_test", Nothing),
    row("+CGSN", Execute, "cgsn_exec", Run(identity::imei)),
    row("+GSN", Test, "gsn_test", Nothing),
    row("+GSN", Execute, "gsn_exec", Run(identity::imei)),
    row("+CIMI", Test, "cimi_test", Nothing),
    row("+CIMI", Execute, "cimi_exec", Run(identity::imsi)),
    row("+QCCID", Test, "qccid_test", Nothing),
    row("+QCCID", Execute, "qccid_exec", Run(identity::iccid)),
    row("+GCAP", Test, "gcap_test", Nothing),
    row("+GCAP", Execute, "gcap_exec", Says("+GCAP: +CGSM")),
    row("+CPIN", Test, "cpin_test", Nothing),
    row("+CPIN", Read, "cpin_read", Run(network::cpin_read)),
    row("+CPIN", Write, "cpin_write", Run(network::cpin_write)),
    row("+CFUN", Test, "cfun_test", Says("+CFUN: (0,1,4),(0,1)")),
    row("+CFUN", Read, "cfun_read", Run(network::cfun_read)),
    row("+CFUN", Write, "cfun_write", Run(network::cfun_write)),
    row("+CSQ", Test, "csq_test", Says("+CSQ: (0-31,99),(0-7,99)")),
    row("+CSQ", Execute, "csq_exec", Run(network::signal)),
    row("+COPS", Test, "cops_test", Run(network::cops_test)),
    row("+COPS", Read, "cops_read", Run(network::cops_read)),
    row("+COPS", Write, "cops_write", Run(network::cops_write)),
    row("+CREG", Test, "creg_test", Says("+CREG: (0-2)")),
    row("+CREG", Read, "creg_read", Run(network::registration_read)),
    row("+CREG", Write, "creg_write", Run(network::registration_write)),
    row("+CGREG", Test, "cgreg_test", Says("+CGREG: (0-2)")),
    row("+CGREG", Read, "cgreg_read", Run(network::registration_read)),
    row("+CGREG", Write, "cgreg_write", Run(network::registration_write)),
    row("+CEREG", Test, "cereg_test", Says("+CEREG: (0-2)")),
    row("+CEREG", Read, "cereg_read", Run(network::registration_read)),
    row("+CEREG", Write, "cereg_write", Run(network::registration_write)),
    row("+CGATT", Test, "cgatt_test", Says("+CGATT: (0,1)")),
    row("+CGATT", Read, "cgatt_read", Run(network::attach_read)),
    row("+CGATT", Write, "cgatt_write", Run(network::attach_write)),
    row("+QURCCFG", Test, "qurccfg_test", Run(network::urc_port_test)),
    row("+QURCCFG", Write, "qurccfg_write", Run(network::urc_port)),
    row("+CGDCONT", Test, "cgdcont_test", Run(bearer::cgdcont_test)),
    row("+CGDCONT", Read, "cgdcont_read", Run(bearer::cgdcont_read)),
    row("+CGDCONT", Write, "cgdcont_write", Run(bearer::cgdcont_write)),
    row("+CGACT", Test, "cgact_test", Says("+CGACT: (0,1)")),
    row("+CGACT", Read, "cgact_read", Run(bearer::cgact_read)),
    row("+CGACT", Write, "cgact_write", Run(bearer::cgact_write)),
    row("+CGPADDR", Test, "cgpaddr_test", Run(bearer::cgpaddr_test)),
    row("+CGPADDR", Execute, "cgpaddr_exec", Run(bearer::cgpaddr)),
    row("+CGPADDR", Write, "cgpaddr_write", Run(bearer::cgpaddr)),
    row("+CGQMIN", Test, "cgqmin_test", Says("+CGQMIN: \"IP\",(0-3),(0-4),(0-5),(0-9),(0-18,31)")),
    row("+CGQMIN", Read, "cgqmin_read", Run(bearer::quality_read)),
    row("+CGQMIN", Write, "cgqmin_write", Run(bearer::quality_write)),
    row("+CGQREQ", Test, "cgqreq_test", Says("+CGQREQ: \"IP\",(0-3),(0-4),(0-5),(0-9),(0-18,31)")),
    row("+CGQREQ", Read, "cgqreq_read", Run(bearer::quality_read)),
    row("+CGQREQ", Write, "cgqreq_write", Run(bearer::quality_write)),
    row("+CGEQMIN", Test, "cgeqmin_test", Says(bearer::QUALITY_3G_MINIMUM)),
    row("+CGEQMIN", Read, "cgeqmin_read", Run(bearer::quality_read)),
    row("+CGEQMIN", Write, "cgeqmin_write", Run(bearer::quality_write)),
    row("+CGEQREQ", Test, "cgeqreq_test", Says(bearer::QUALITY_3G_REQUEST)),
    row("+CGEQREQ", Read, "cgeqreq_read", Run(bearer::quality_read)),
    row("+CGEQREQ", Write, "cgeqreq_write", Run(bearer::quality_write)),
    row("+QICSGP", Test, "qicsgp_test", Says("+QICSGP: (1-16),(1-3),<APN>,<username>,<password>,(0-3)")),
    row("+QICSGP", Write, "qicsgp_write", Run(bearer::context_define)),
    row("+QIACT", Test, "qiact_test", Says("+QIACT: (1-16)")),
    row("+QIACT", Read, "qiact_read", Run(bearer::contexts_read)),
    row("+QIACT", Write, "qiact_write", Run(bearer::activate)),
    row("+QIDEACT", Test, "qideact_test", Says("+QIDEACT: (1-16)")),
    row("+QIDEACT", Write, "qideact_write", Run(bearer::deactivate)),
    row("+QIGETERROR", Test, "qigeterror_test", Nothing),
    row("+QIGETERROR", Execute, "qigeterror_exec", Run(bearer::last_error)),
    row("+QFLDS", Test, "qflds_test", Nothing),
    row("+QFLDS", Execute, "qflds_exec", Run(files::space)),
    row("+QFLDS", Write, "qflds_write", Run(files::space)),
    row("+QFLST", Test, "qflst_test", Nothing),
    row("+QFLST", Execute, "qflst_exec", Run(files::list)),
    row("+QFLST", Write, "qflst_write", Run(files::list)),
    row("+QFDEL", Test, "qfdel_test", Says("+QFDEL: <filename>")),
    row("+QFDEL", Write, "qfdel_write", Run(files::delete)),
    row("+QFUPL", Test, "qfupl_test", Run(files::upload_test)),
    row("+QFUPL", Write, "qfupl_write", Run(files::upload)),
    row("+QFDWL", Test, "qfdwl_test", Says("+QFDWL: <filename>")),
    row("+QFDWL", Write, "qfdwl_write", Run(files::download)),
    row("+QMMSCFG", Test, "qmmscfg_test", Run(config::test)),
    row("+QMMSCFG", Read, "qmmscfg_read", Run(config::odd_form)),
    row("+QMMSCFG", Execute, "qmmscfg_exec", Run(config::odd_form)),
    row("+QMMSCFG", Write, "qmmscfg_write", Run(config::write)),
    row("+QMMSEDIT", Test, "qmmsedit_test", Says("+QMMSEDIT: (0-5),(0,1),<optstring>")),
    row("+QMMSEDIT", Read, "qmmsedit_read", Run(config::odd_form)),
    row("+QMMSEDIT", Execute, "qmmsedit_exec", Run(config::odd_form)),
    row("+QMMSEDIT", Write, "qmmsedit_write", Run(edit::write)),
    row("+QMMSEND", Test, "qmmsend_test", Says("+QMMSEND: (1-65535)")),
    row("+QMMSEND", Read, "qmmsend_read", Run(config::odd_form)),
    row("+QMMSEND", Execute, "qmmsend_exec", Run(config::odd_form)),
    row("+QMMSEND", Write, "qmmsend_write", Run(submit::write)),
];

fn find(command: &Command) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.operation == command.operation && row.name == command.name)
}

/// The names of all extended commands, each once, in the table's order.
pub(crate) fn extended_names() -> Vec<&'static str> {
    let mut names: Vec<_> = ROWS.iter().map(|row| row.name).filter(|name| name.starts_with('+')).collect();
    names.dedup();
    names
}

/// The grammar's name of the form that a command has; empty for a command that does not exist.
pub(crate) fn form(command: &Command) -> &'static str {
    let Some(row) = find(command) else {
        return register_form(command);
    };
    match row.form {
        "qmmscfg_write" => config_form(&command.values),
        "qmmsedit_write" => edit_form(&command.values),
        "qicsgp_write" if command.values.len() == 1 => "qicsgp_query",
        "qurccfg_write" if command.values.len() == 1 => "qurccfg_query",
        form => form,
    }
}

fn register_form(command: &Command) -> &'static str {
    match (command.name.as_str(), command.operation) {
        ("S3", Read) => "s3_read",
        ("S3", Write) => "s3_write",
        ("S4", Read) => "s4_read",
        ("S4", Write) => "s4_write",
        ("S5", Read) => "s5_read",
        ("S5", Write) => "s5_write",
        (name, Read) if core::is_register(name) => "s_read",
        (name, Write) if core::is_register(name) => "s_write",
        _ => "",
    }
}

fn config_form(values: &[Value]) -> &'static str {
    let query = values.len() == 1;
    match values.first().and_then(Value::text).unwrap_or_default() {
        b"contextid" if query => "qmmscfg_contextid_query",
        b"contextid" => "qmmscfg_contextid_write",
        b"mmsc" if query => "qmmscfg_mmsc_query",
        b"mmsc" => "qmmscfg_mmsc_write",
        b"proxy" if query => "qmmscfg_proxy_query",
        b"proxy" => "qmmscfg_proxy_write",
        b"character" if query => "qmmscfg_character_query",
        b"character" => "qmmscfg_character_write",
        b"sendparam" if query => "qmmscfg_sendparam_query",
        b"sendparam" => "qmmscfg_sendparam_write",
        b"supportfield" if query => "qmmscfg_supportfield_query",
        b"supportfield" => "qmmscfg_supportfield_write",
        b"connecttimeout" if query => "qmmscfg_connecttimeout_query",
        b"connecttimeout" => "qmmscfg_connecttimeout_write",
        _ => "qmmscfg_write",
    }
}

fn edit_form(values: &[Value]) -> &'static str {
    match (values.len(), values.get(1)) {
        (1, _) if values.first() == Some(&Value::Number(0)) => "qmmsedit_clear",
        (1, _) => "qmmsedit_query",
        (2, Some(Value::Number(0))) => "qmmsedit_delete",
        (_, Some(Value::Number(1))) => "qmmsedit_add",
        _ => "qmmsedit_write",
    }
}

impl Module {
    /// Starts one command.
    pub(crate) fn begin(&mut self, command: &Command) -> Outcome {
        let Some(row) = find(command) else {
            if core::is_register(&command.name) {
                let form = register_form(command);
                let command = self.before_hooks(form, command);
                if self.deviations.skips(form) {
                    return Ok(Flow::Done);
                }
                return core::register(self, &command);
            }
            if self.deviations.has(Habit::UnknownIsOk) {
                return Ok(Flow::Done);
            }
            if self.deviations.has(Habit::UnknownIsSilent) {
                return Err(Refusal::Verbatim(Vec::new()));
            }
            return Err(Refusal::Error);
        };
        let form = form(command);
        let odd = command.odd;
        if (odd.open_quote || odd.inner_quote || odd.smart_quotes) && !command.name.starts_with("+QMMS") {
            return Err(Refusal::Error);
        }
        let command = self.before_hooks(form, command);
        if self.deviations.skips(form) {
            return Ok(Flow::Done);
        }
        match row.handler {
            Run(run) => run(self, &command),
            Says(line) => self.say(line),
            Nothing => Ok(Flow::Done),
        }
    }

    /// One information line, and done.
    pub(crate) fn say(&mut self, line: impl Into<Vec<u8>>) -> Outcome {
        self.running.lines.push(line.into());
        Ok(Flow::Done)
    }
}
