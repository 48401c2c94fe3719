//! Information lines with typed fields: what the module answers between a command and its final result.
//!
//! Reads a line by its prefix, or by the command that caused it where lines have none.

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
    /// One information line.
    Information {
        QmmscfgContextid = "qmmscfg_contextid_info" { contextid: u32 };
        QmmscfgMmsc = "qmmscfg_mmsc_info" { url: &'a [u8] };
        QmmscfgProxy = "qmmscfg_proxy_info" { gateway: &'a [u8], port: u32 };
        QmmscfgCharacter = "qmmscfg_character_info" { charset: &'a [u8] };
        QmmscfgSendparam = "qmmscfg_sendparam_info" { valid: u32, pri: u32, sendrep: u32, readrep: u32, visible: u32, class: u32 };
        QmmscfgSupportfield = "qmmscfg_supportfield_info" { supportfield: u32 };
        QmmscfgConnecttimeout = "qmmscfg_connecttimeout_info" { connecttimeout: u32 };
        QmmscfgContextidTest = "qmmscfg_contextid_test_info" { contextid: &'a [u8] };
        QmmscfgMmscTest = "qmmscfg_mmsc_test_info" { url: &'a [u8] };
        QmmscfgProxyTest = "qmmscfg_proxy_test_info" { gateway: &'a [u8], port: &'a [u8] };
        QmmscfgCharacterTest = "qmmscfg_character_test_info" { charset: &'a [u8] };
        QmmscfgSendparamTest = "qmmscfg_sendparam_test_info" { valid: &'a [u8], pri: &'a [u8], sendrep: &'a [u8], readrep: &'a [u8], visible: &'a [u8], class: &'a [u8] };
        QmmscfgSupportfieldTest = "qmmscfg_supportfield_test_info" { supportfield: &'a [u8] };
        QmmscfgConnecttimeoutTest = "qmmscfg_connecttimeout_test_info" { connecttimeout: &'a [u8] };
        QmmseditEntry = "qmmsedit_entry_info" { function: u32, optstring: &'a [u8] };
        QmmseditTitle = "qmmsedit_title_info" { function: u32, charset: &'a [u8], optstring: &'a [u8] };
        QmmseditTest = "qmmsedit_test_info" { function: &'a [u8], operation: &'a [u8], optstring: &'a [u8] };
        QmmsendTest = "qmmsend_test_info" { timeout: &'a [u8] };
        Qfupl = "qfupl_info" { size: u32, checksum: Checksum };
        QfuplTest = "qfupl_test_info" { filename: &'a [u8], filesize: &'a [u8], timeout: &'a [u8], ackmode: &'a [u8] };
        Qfdwl = "qfdwl_info" { size: u32, checksum: Checksum };
        QfdwlTest = "qfdwl_test_info" { filename: &'a [u8] };
        Qflst = "qflst_info" { filename: &'a [u8], filesize: u32 };
        QfdelTest = "qfdel_test_info" { filename: &'a [u8] };
        Qflds = "qflds_info" { freesize: u32, totalsize: u32 };
        Qfopen = "qfopen_info" { filehandle: u32 };
        QfopenEntry = "qfopen_entry_info" { filename: &'a [u8], filehandle: u32, mode: u32 };
        QfopenTest = "qfopen_test_info" { filename: &'a [u8], mode: &'a [u8] };
        QfreadTest = "qfread_test_info" { filehandle: &'a [u8], length: &'a [u8] };
        Qfwrite = "qfwrite_info" { written: u32, total: u32 };
        QfwriteTest = "qfwrite_test_info" { filehandle: &'a [u8], length: &'a [u8], timeout: &'a [u8] };
        QfseekTest = "qfseek_test_info" { filehandle: &'a [u8], offset: &'a [u8], position: &'a [u8] };
        Qfposition = "qfposition_info" { offset: u32 };
        QfpositionTest = "qfposition_test_info" { filehandle: &'a [u8] };
        QftucatTest = "qftucat_test_info" { filehandle: &'a [u8] };
        QfcloseTest = "qfclose_test_info" { filehandle: &'a [u8] };
        Qicsgp = "qicsgp_info" { contexttype: u32, apn: &'a [u8], username: &'a [u8], password: &'a [u8], authentication: u32 };
        QicsgpTest = "qicsgp_test_info" { contextid: &'a [u8], contexttype: &'a [u8], apn: &'a [u8], username: &'a [u8], password: &'a [u8], authentication: &'a [u8] };
        Qiact = "qiact_info" { contextid: u32, state: u32, r#type: u32, address: Option<&'a [u8]> };
        QiactTest = "qiact_test_info" { contextid: &'a [u8] };
        QideactTest = "qideact_test_info" { contextid: &'a [u8] };
        Qigeterror = "qigeterror_info" { err: u32, description: &'a [u8] };
        Cgatt = "cgatt_info" { state: u32 };
        CgattTest = "cgatt_test_info" { state: &'a [u8] };
        Cgact = "cgact_info" { cid: u32, state: u32 };
        CgactTest = "cgact_test_info" { state: &'a [u8] };
        Creg = "creg_info" { n: u32, stat: u32, lac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32>, rac: Option<&'a [u8]> };
        CregTest = "creg_test_info" { n: &'a [u8] };
        Cgreg = "cgreg_info" { n: u32, stat: u32, lac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32>, rac: Option<&'a [u8]> };
        CgregTest = "cgreg_test_info" { n: &'a [u8] };
        Cereg = "cereg_info" { n: u32, stat: u32, tac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32> };
        CeregTest = "cereg_test_info" { n: &'a [u8] };
        Cgdcont = "cgdcont_info" { cid: u32, pdptype: &'a [u8], apn: &'a [u8], pdpaddr: &'a [u8], dcomp: u32, hcomp: u32, ipv4addralloc: Option<u32>, requesttype: Option<u32> };
        CgdcontTest = "cgdcont_test_info" { cid: &'a [u8], pdptype: &'a [u8], dcomp: &'a [u8], hcomp: &'a [u8], ipv4addralloc: Option<&'a [u8]>, requesttype: Option<&'a [u8]> };
        Cgqmin = "cgqmin_info" { cid: u32, precedence: u32, delay: u32, reliability: u32, peak: u32, mean: u32 };
        CgqminTest = "cgqmin_test_info" { pdptype: &'a [u8], precedence: &'a [u8], delay: &'a [u8], reliability: &'a [u8], peak: &'a [u8], mean: &'a [u8] };
        Cgqreq = "cgqreq_info" { cid: u32, precedence: u32, delay: u32, reliability: u32, peak: u32, mean: u32 };
        CgqreqTest = "cgqreq_test_info" { pdptype: &'a [u8], precedence: &'a [u8], delay: &'a [u8], reliability: &'a [u8], peak: &'a [u8], mean: &'a [u8] };
        Cgeqmin = "cgeqmin_info" { cid: u32, trafficclass: u32, maxbitrateul: u32, maxbitratedl: u32, guaranteedbitrateul: u32, guaranteedbitratedl: u32, deliveryorder: u32, maxsdusize: u32, sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: u32, transferdelay: u32, traffichandlingpriority: u32 };
        CgeqminTest = "cgeqmin_test_info" { pdptype: &'a [u8], trafficclass: &'a [u8], maxbitrateul: &'a [u8], maxbitratedl: &'a [u8], guaranteedbitrateul: &'a [u8], guaranteedbitratedl: &'a [u8], deliveryorder: &'a [u8], maxsdusize: &'a [u8], sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: &'a [u8], transferdelay: &'a [u8], traffichandlingpriority: &'a [u8] };
        Cgeqreq = "cgeqreq_info" { cid: u32, trafficclass: u32, maxbitrateul: u32, maxbitratedl: u32, guaranteedbitrateul: u32, guaranteedbitratedl: u32, deliveryorder: u32, maxsdusize: u32, sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: u32, transferdelay: u32, traffichandlingpriority: u32 };
        CgeqreqTest = "cgeqreq_test_info" { pdptype: &'a [u8], trafficclass: &'a [u8], maxbitrateul: &'a [u8], maxbitratedl: &'a [u8], guaranteedbitrateul: &'a [u8], guaranteedbitratedl: &'a [u8], deliveryorder: &'a [u8], maxsdusize: &'a [u8], sduerrorratio: &'a [u8], residualbiterrorratio: &'a [u8], deliveryoferroneoussdus: &'a [u8], transferdelay: &'a [u8], traffichandlingpriority: &'a [u8] };
        IRevision = "i_revision_info" { revision: &'a [u8] };
        I = "i_info" { text: &'a [u8] };
        S3 = "s3_info" { value: u32 };
        S4 = "s4_info" { value: u32 };
        S5 = "s5_info" { value: u32 };
        Cmee = "cmee_info" { n: u32 };
        CmeeTest = "cmee_test_info" { n: &'a [u8] };
        Cscs = "cscs_info" { chset: &'a [u8] };
        CscsTest = "cscs_test_info" { chset: &'a [u8] };
        Cpin = "cpin_info" { code: &'a [u8] };
        Cfun = "cfun_info" { fun: u32 };
        CfunTest = "cfun_test_info" { fun: &'a [u8], rst: &'a [u8] };
        Csq = "csq_info" { rssi: u32, ber: u32 };
        CsqTest = "csq_test_info" { rssi: &'a [u8], ber: &'a [u8] };
        Cops = "cops_info" { mode: u32, format: Option<u32>, oper: Option<&'a [u8]>, act: Option<u32> };
        CopsTest = "cops_test_info" { list: &'a [u8] };
        Cimi = "cimi_info" { imsi: &'a [u8] };
        Qccid = "qccid_info" { iccid: &'a [u8] };
        Cgsn = "cgsn_info" { imei: &'a [u8] };
        Gsn = "gsn_info" { imei: &'a [u8] };
        Cgmi = "cgmi_info" { manufacturer: &'a [u8] };
        Gmi = "gmi_info" { manufacturer: &'a [u8] };
        Cgmm = "cgmm_info" { model: &'a [u8] };
        Gmm = "gmm_info" { model: &'a [u8] };
        Cgmr = "cgmr_info" { revision: &'a [u8] };
        Gmr = "gmr_info" { revision: &'a [u8] };
        Qgmr = "qgmr_info" { revision: &'a [u8] };
        QurccfgUrcport = "qurccfg_urcport_info" { urcport: &'a [u8] };
        QurccfgUrcportTest = "qurccfg_urcport_test_info" { urcport: &'a [u8] };
    }
}
