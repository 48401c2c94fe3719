//! Information lines with typed fields: what the module answers between a command and its final result.
//!
//! Reads a line by its prefix, or by the command that caused it where lines have none. A string comes without its quotes.
//! What answers `=?` (the variants called `…Test`) says what may be set: its items come as they stand, brackets and quotes
//! included.
//!
//! ```
//! use ec20_at::{Dialect, information::Information};
//! let may_be = Information::read(b"+QMMSCFG: \"contextid\",(1-16)", Dialect::FIELD)?;
//! assert_eq!(may_be, Information::QmmscfgContextidTest { contextid: b"(1-16)" });
//! let is = Information::read(b"+QMMSCFG: \"contextid\",1", Dialect::FIELD)?;
//! assert_eq!(is, Information::QmmscfgContextid { contextid: 1 });
//! # Ok::<(), ec20_at::Error>(())
//! ```

use crate::typed::{Checksum, Slot, Value, view};
use crate::{Dialect, Error, ErrorKind, Reading, Unit, read_unit};

impl<'a> Information<'a> {
    /// Reads a line that begins with its command's name, given without CR and LF.
    ///
    /// # Errors
    /// Where and why the line is refused; [`ErrorKind::Unknown`] when the tables lack its prefix.
    ///
    /// ```
    /// use ec20_at::{Checksum, Dialect, information::Information};
    /// let line = Information::read(b"+QFUPL: 300,1a2b", Dialect::CANONICAL)?;
    /// assert_eq!(line, Information::Qfupl { size: 300, checksum: Checksum(0x1A2B) });
    /// # Ok::<(), ec20_at::Error>(())
    /// ```
    pub fn read(line: &'a [u8], dialect: impl Into<Dialect>) -> Result<Self, Error> {
        Self::unit(Unit::Information, line, dialect.into())
    }

    /// Reads a line that answers the named command (`"cimi"`, `"i"`, `"s3"`), whether it has a prefix or not.
    ///
    /// The name is the command's in small letters without `AT` and sign, which is also how a
    /// [`form`](crate::request::Request::form) begins: `cimi_exec`.
    ///
    /// # Errors
    /// Where and why the line is refused.
    ///
    /// ```
    /// use ec20_at::{Dialect, information::Information};
    /// let line = Information::read_for("cimi", b"460001234567890", Dialect::CANONICAL)?;
    /// assert_eq!(line, Information::Cimi { imsi: b"460001234567890" });
    /// # Ok::<(), ec20_at::Error>(())
    /// ```
    pub fn read_for(command: &str, line: &'a [u8], dialect: impl Into<Dialect>) -> Result<Self, Error> {
        Self::unit(Unit::InformationOf(command), line, dialect.into())
    }

    fn unit(unit: Unit<'_>, line: &'a [u8], dialect: Dialect) -> Result<Self, Error> {
        let mut view = Ok(None);
        read_unit(unit, dialect, line, |reading| view = Self::from_reading(&reading, line))?;
        view?.ok_or_else(|| Error::syntax(line, 0, "an information line").with_kind(ErrorKind::Unknown))
    }
}

view! {
    /// One information line. What a variant reads stands beside it; `[…]` may be missing.
    Information {
        /// `+QMMSCFG: "contextid",<contextid>`
        QmmscfgContextid = "qmmscfg_contextid_info" { contextid: u32 };
        /// `+QMMSCFG: "mmsc",<url>`
        QmmscfgMmsc = "qmmscfg_mmsc_info" { url: &'a [u8] };
        /// `+QMMSCFG: "proxy",<gateway>,<port>`
        QmmscfgProxy = "qmmscfg_proxy_info" { gateway: &'a [u8], port: u32 };
        /// `+QMMSCFG: "character",<charset>`
        QmmscfgCharacter = "qmmscfg_character_info" { charset: &'a [u8] };
        /// `+QMMSCFG: "sendparam",<valid>,<pri>,<sendrep>,<readrep>,<visible>,<class>`
        QmmscfgSendparam = "qmmscfg_sendparam_info" { valid: u32, pri: u32, sendrep: u32, readrep: u32, visible: u32, class: u32 };
        /// `+QMMSCFG: "supportfield",<supportfield>`
        QmmscfgSupportfield = "qmmscfg_supportfield_info" { supportfield: u32 };
        /// `+QMMSCFG: "connecttimeout",<connecttimeout>`
        QmmscfgConnecttimeout = "qmmscfg_connecttimeout_info" { connecttimeout: u32 };
        /// `+QMMSCFG: "contextid",<contextid>`, to `=?`
        QmmscfgContextidTest = "qmmscfg_contextid_test_info" { contextid: &'a [u8] };
        /// `+QMMSCFG: "mmsc",<url>`, to `=?`
        QmmscfgMmscTest = "qmmscfg_mmsc_test_info" { url: &'a [u8] };
        /// `+QMMSCFG: "proxy",<gateway>,<port>`, to `=?`
        QmmscfgProxyTest = "qmmscfg_proxy_test_info" { gateway: &'a [u8], port: &'a [u8] };
        /// `+QMMSCFG: "character",<charset>`, to `=?`
        QmmscfgCharacterTest = "qmmscfg_character_test_info" { charset: &'a [u8] };
        /// `+QMMSCFG: "sendparam",<valid>,<pri>,<sendrep>,<readrep>,<visible>,<class>`, to `=?`
        QmmscfgSendparamTest = "qmmscfg_sendparam_test_info" { valid: &'a [u8], pri: &'a [u8], sendrep: &'a [u8], readrep: &'a [u8], visible: &'a [u8], class: &'a [u8] };
        /// `+QMMSCFG: "supportfield",<supportfield>`, to `=?`
        QmmscfgSupportfieldTest = "qmmscfg_supportfield_test_info" { supportfield: &'a [u8] };
        /// `+QMMSCFG: "connecttimeout",<connecttimeout>`, to `=?`
        QmmscfgConnecttimeoutTest = "qmmscfg_connecttimeout_test_info" { connecttimeout: &'a [u8] };
        /// `+QMMSEDIT: <function>,<optstring>`: one entry of list 1 (to), 2 (cc), 3 (bcc) or 5 (attachments)
        QmmseditEntry = "qmmsedit_entry_info" { function: u32, optstring: &'a [u8] };
        /// `+QMMSEDIT: <function>,<charset>,<optstring>`: the title, whose function is 4
        QmmseditTitle = "qmmsedit_title_info" { function: u32, charset: &'a [u8], optstring: &'a [u8] };
        /// `+QMMSEDIT: <function>,<operation>,<optstring>`, to `=?`
        QmmseditTest = "qmmsedit_test_info" { function: &'a [u8], operation: &'a [u8], optstring: &'a [u8] };
        /// `+QMMSEND: <timeout>`, to `=?`
        QmmsendTest = "qmmsend_test_info" { timeout: &'a [u8] };
        /// `+QFUPL: <size>,<checksum>`
        Qfupl = "qfupl_info" { size: u32, checksum: Checksum };
        /// `+QFUPL: <filename>,<filesize>,<timeout>,<ackmode>`, to `=?`
        QfuplTest = "qfupl_test_info" { filename: &'a [u8], filesize: &'a [u8], timeout: &'a [u8], ackmode: &'a [u8] };
        /// `+QFDWL: <size>,<checksum>`
        Qfdwl = "qfdwl_info" { size: u32, checksum: Checksum };
        /// `+QFDWL: <filename>`, to `=?`
        QfdwlTest = "qfdwl_test_info" { filename: &'a [u8] };
        /// `+QFLST: <filename>,<filesize>`
        Qflst = "qflst_info" { filename: &'a [u8], filesize: u32 };
        /// `+QFDEL: <filename>`, to `=?`
        QfdelTest = "qfdel_test_info" { filename: &'a [u8] };
        /// `+QFLDS: <freesize>,<totalsize>`
        Qflds = "qflds_info" { freesize: u32, totalsize: u32 };
        /// `+QFOPEN: <filehandle>`
        Qfopen = "qfopen_info" { filehandle: u32 };
        /// `+QFOPEN: <filename>,<filehandle>,<mode>`
        QfopenEntry = "qfopen_entry_info" { filename: &'a [u8], filehandle: u32, mode: u32 };
        /// `+QFOPEN: <filename>,<mode>`, to `=?`
        QfopenTest = "qfopen_test_info" { filename: &'a [u8], mode: &'a [u8] };
        /// `+QFREAD: <filehandle>,<length>`, to `=?`
        QfreadTest = "qfread_test_info" { filehandle: &'a [u8], length: &'a [u8] };
        /// `+QFWRITE: <written>,<total>`
        Qfwrite = "qfwrite_info" { written: u32, total: u32 };
        /// `+QFWRITE: <filehandle>,<length>,<timeout>`, to `=?`
        QfwriteTest = "qfwrite_test_info" { filehandle: &'a [u8], length: &'a [u8], timeout: &'a [u8] };
        /// `+QFSEEK: <filehandle>,<offset>,<position>`, to `=?`
        QfseekTest = "qfseek_test_info" { filehandle: &'a [u8], offset: &'a [u8], position: &'a [u8] };
        /// `+QFPOSITION: <offset>`
        Qfposition = "qfposition_info" { offset: u32 };
        /// `+QFPOSITION: <filehandle>`, to `=?`
        QfpositionTest = "qfposition_test_info" { filehandle: &'a [u8] };
        /// `+QFTUCAT: <filehandle>`, to `=?`
        QftucatTest = "qftucat_test_info" { filehandle: &'a [u8] };
        /// `+QFCLOSE: <filehandle>`, to `=?`
        QfcloseTest = "qfclose_test_info" { filehandle: &'a [u8] };
        /// `+QICSGP: <contexttype>,<apn>,<username>,<password>,<authentication>`
        Qicsgp = "qicsgp_info" { contexttype: u32, apn: &'a [u8], username: &'a [u8], password: &'a [u8], authentication: u32 };
        /// `+QICSGP: <contextid>,<contexttype>,<apn>,<username>,<password>,<authentication>`, to `=?`
        QicsgpTest = "qicsgp_test_info" { contextid: &'a [u8], contexttype: &'a [u8], apn: &'a [u8], username: &'a [u8], password: &'a [u8], authentication: &'a [u8] };
        /// `+QIACT: <contextid>,<state>,<type>[,<address>]`
        Qiact = "qiact_info" { contextid: u32, state: u32, r#type: u32, address: Option<&'a [u8]> };
        /// `+QIACT: <contextid>`, to `=?`
        QiactTest = "qiact_test_info" { contextid: &'a [u8] };
        /// `+QIDEACT: <contextid>`, to `=?`
        QideactTest = "qideact_test_info" { contextid: &'a [u8] };
        /// `+QIGETERROR: <err>,<description>`
        Qigeterror = "qigeterror_info" { err: u32, description: &'a [u8] };
        /// `+CGATT: <state>`
        Cgatt = "cgatt_info" { state: u32 };
        /// `+CGATT: <state>`, to `=?`
        CgattTest = "cgatt_test_info" { state: &'a [u8] };
        /// `+CGACT: <cid>,<state>`
        Cgact = "cgact_info" { cid: u32, state: u32 };
        /// `+CGACT: <state>`, to `=?`
        CgactTest = "cgact_test_info" { state: &'a [u8] };
        /// `+CREG: <n>,<stat>[,<lac>,<ci>[,<act>[,<rac>]]]`
        Creg = "creg_info" { n: u32, stat: u32, lac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32>, rac: Option<&'a [u8]> };
        /// `+CREG: <n>`, to `=?`
        CregTest = "creg_test_info" { n: &'a [u8] };
        /// `+CGREG: <n>,<stat>[,<lac>,<ci>[,<act>[,<rac>]]]`
        Cgreg = "cgreg_info" { n: u32, stat: u32, lac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32>, rac: Option<&'a [u8]> };
        /// `+CGREG: <n>`, to `=?`
        CgregTest = "cgreg_test_info" { n: &'a [u8] };
        /// `+CEREG: <n>,<stat>[,<tac>,<ci>[,<act>]]`
        Cereg = "cereg_info" { n: u32, stat: u32, tac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32> };
        /// `+CEREG: <n>`, to `=?`
        CeregTest = "cereg_test_info" { n: &'a [u8] };
        /// `+CGDCONT: <cid>,<pdptype>,<apn>,<pdpaddr>,<dcomp>,<hcomp>[,<ipv4addralloc>,<requesttype>]`
        Cgdcont = "cgdcont_info" { cid: u32, pdptype: &'a [u8], apn: &'a [u8], pdpaddr: &'a [u8], dcomp: u32, hcomp: u32, ipv4addralloc: Option<u32>, requesttype: Option<u32> };
        /// `+CGDCONT: <cid>,<pdptype>,,,<dcomp>,<hcomp>[,<ipv4addralloc>,<requesttype>]`, to `=?`
        CgdcontTest = "cgdcont_test_info" { cid: &'a [u8], pdptype: &'a [u8], dcomp: &'a [u8], hcomp: &'a [u8], ipv4addralloc: Option<&'a [u8]>, requesttype: Option<&'a [u8]> };
        /// `+CGQMIN: <cid>,<precedence>,<delay>,<reliability>,<peak>,<mean>`
        Cgqmin = "cgqmin_info" { cid: u32, precedence: u32, delay: u32, reliability: u32, peak: u32, mean: u32 };
        /// `+CGQMIN: <pdptype>,<precedence>,<delay>,<reliability>,<peak>,<mean>`, to `=?`
        CgqminTest = "cgqmin_test_info" { pdptype: &'a [u8], precedence: &'a [u8], delay: &'a [u8], reliability: &'a [u8], peak: &'a [u8], mean: &'a [u8] };
        /// `+CGQREQ: <cid>,<precedence>,<delay>,<reliability>,<peak>,<mean>`
        Cgqreq = "cgqreq_info" { cid: u32, precedence: u32, delay: u32, reliability: u32, peak: u32, mean: u32 };
        /// `+CGQREQ: <pdptype>,<precedence>,<delay>,<reliability>,<peak>,<mean>`, to `=?`
        CgqreqTest = "cgqreq_test_info" { pdptype: &'a [u8], precedence: &'a [u8], delay: &'a [u8], reliability: &'a [u8], peak: &'a [u8], mean: &'a [u8] };
        /// `+CGEQMIN: <cid>,<trafficclass>,<maxbitrateul>,<maxbitratedl>,<guaranteedbitrateul>,<guaranteedbitratedl>,<deliveryorder>,<maxsdusize>,<sduerrorratio>,<residualbiterrorratio>,<deliveryoferroneoussdus>,<transferdelay>,<traffichandlingpriority>`
        Cgeqmin = "cgeqmin_info" { cid: u32, trafficclass: u32, maxbitrateul: u32, maxbitratedl: u32, guaranteedbitrateul: u32, guaranteedbitratedl: u32, deliveryorder: u32, maxsdusize: u32, sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: u32, transferdelay: u32, traffichandlingpriority: u32 };
        /// `+CGEQMIN: <pdptype>,<trafficclass>,<maxbitrateul>,<maxbitratedl>,<guaranteedbitrateul>,<guaranteedbitratedl>,<deliveryorder>,<maxsdusize>,<sduerrorratio>,<residualbiterrorratio>,<deliveryoferroneoussdus>,<transferdelay>,<traffichandlingpriority>`, to `=?`
        CgeqminTest = "cgeqmin_test_info" { pdptype: &'a [u8], trafficclass: &'a [u8], maxbitrateul: &'a [u8], maxbitratedl: &'a [u8], guaranteedbitrateul: &'a [u8], guaranteedbitratedl: &'a [u8], deliveryorder: &'a [u8], maxsdusize: &'a [u8], sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: &'a [u8], transferdelay: &'a [u8], traffichandlingpriority: &'a [u8] };
        /// `+CGEQREQ: <cid>,<trafficclass>,<maxbitrateul>,<maxbitratedl>,<guaranteedbitrateul>,<guaranteedbitratedl>,<deliveryorder>,<maxsdusize>,<sduerrorratio>,<residualbiterrorratio>,<deliveryoferroneoussdus>,<transferdelay>,<traffichandlingpriority>`
        Cgeqreq = "cgeqreq_info" { cid: u32, trafficclass: u32, maxbitrateul: u32, maxbitratedl: u32, guaranteedbitrateul: u32, guaranteedbitratedl: u32, deliveryorder: u32, maxsdusize: u32, sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: u32, transferdelay: u32, traffichandlingpriority: u32 };
        /// `+CGEQREQ: <pdptype>,<trafficclass>,<maxbitrateul>,<maxbitratedl>,<guaranteedbitrateul>,<guaranteedbitratedl>,<deliveryorder>,<maxsdusize>,<sduerrorratio>,<residualbiterrorratio>,<deliveryoferroneoussdus>,<transferdelay>,<traffichandlingpriority>`, to `=?`
        CgeqreqTest = "cgeqreq_test_info" { pdptype: &'a [u8], trafficclass: &'a [u8], maxbitrateul: &'a [u8], maxbitratedl: &'a [u8], guaranteedbitrateul: &'a [u8], guaranteedbitratedl: &'a [u8], deliveryorder: &'a [u8], maxsdusize: &'a [u8], sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: &'a [u8], transferdelay: &'a [u8], traffichandlingpriority: &'a [u8] };
        /// `Revision: <revision>`, to `ATI`
        IRevision = "i_revision_info" { revision: &'a [u8] };
        /// `<text>`, to `ATI`
        I = "i_info" { text: &'a [u8] };
        /// `<value>`, to `ATS3?`
        S3 = "s3_info" { value: u32 };
        /// `<value>`, to `ATS4?`
        S4 = "s4_info" { value: u32 };
        /// `<value>`, to `ATS5?`
        S5 = "s5_info" { value: u32 };
        /// `+CMEE: <n>`
        Cmee = "cmee_info" { n: u32 };
        /// `+CMEE: <n>`, to `=?`
        CmeeTest = "cmee_test_info" { n: &'a [u8] };
        /// `+CSCS: <chset>`
        Cscs = "cscs_info" { chset: &'a [u8] };
        /// `+CSCS: <chset>`, to `=?`
        CscsTest = "cscs_test_info" { chset: &'a [u8] };
        /// `+CPIN: <code>`
        Cpin = "cpin_info" { code: &'a [u8] };
        /// `+CFUN: <fun>`
        Cfun = "cfun_info" { fun: u32 };
        /// `+CFUN: <fun>,<rst>`, to `=?`
        CfunTest = "cfun_test_info" { fun: &'a [u8], rst: &'a [u8] };
        /// `+CSQ: <rssi>,<ber>`
        Csq = "csq_info" { rssi: u32, ber: u32 };
        /// `+CSQ: <rssi>,<ber>`, to `=?`
        CsqTest = "csq_test_info" { rssi: &'a [u8], ber: &'a [u8] };
        /// `+COPS: <mode>[,<format>,<oper>[,<act>]]`
        Cops = "cops_info" { mode: u32, format: Option<u32>, oper: Option<&'a [u8]>, act: Option<u32> };
        /// `+COPS: <list>`, to `=?`
        CopsTest = "cops_test_info" { list: &'a [u8] };
        /// `<imsi>`, to `AT+CIMI`
        Cimi = "cimi_info" { imsi: &'a [u8] };
        /// `+QCCID: <iccid>`
        Qccid = "qccid_info" { iccid: &'a [u8] };
        /// `<imei>`, to `AT+CGSN`
        Cgsn = "cgsn_info" { imei: &'a [u8] };
        /// `<imei>`, to `AT+GSN`
        Gsn = "gsn_info" { imei: &'a [u8] };
        /// `<manufacturer>`, to `AT+CGMI`
        Cgmi = "cgmi_info" { manufacturer: &'a [u8] };
        /// `<manufacturer>`, to `AT+GMI`
        Gmi = "gmi_info" { manufacturer: &'a [u8] };
        /// `<model>`, to `AT+CGMM`
        Cgmm = "cgmm_info" { model: &'a [u8] };
        /// `<model>`, to `AT+GMM`
        Gmm = "gmm_info" { model: &'a [u8] };
        /// `<revision>`, to `AT+CGMR`
        Cgmr = "cgmr_info" { revision: &'a [u8] };
        /// `<revision>`, to `AT+GMR`
        Gmr = "gmr_info" { revision: &'a [u8] };
        /// `<revision>`, to `AT+QGMR`
        Qgmr = "qgmr_info" { revision: &'a [u8] };
        /// `+QURCCFG: "urcport",<urcport>`
        QurccfgUrcport = "qurccfg_urcport_info" { urcport: &'a [u8] };
        /// `+QURCCFG: "urcport",<urcport>`, to `=?`
        QurccfgUrcportTest = "qurccfg_urcport_test_info" { urcport: &'a [u8] };
    }
}
