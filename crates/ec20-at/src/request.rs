//! Commands with typed parameters: one variant for each command form of the manual and its siblings.
//!
//! Reads by [`Command::request`] and is written by [`build`](crate::build); the two are inverse. What a command does is
//! told elsewhere (the catalogue of the manual).
//!
//! The field's type tells a number from a string, which is given without its quotes; `[…]` may be left out (`None`), from the
//! end. What a value may be, the refusal says:
//!
//! ```
//! use ec20_at::{build, request::Request};
//! let limits = [
//!     (Request::QmmscfgContextidWrite { contextid: 0 }, "an integer from 1 to 16, found 0"),
//!     (Request::QmmscfgMmscWrite { url: &[b'u'; 101] }, "a quoted string of at most 100 bytes, found 101 bytes"),
//!     (Request::QmmscfgProxyWrite { gateway: b"10.0.0.172", port: 0 }, "an integer from 1 to 65535, found 0"),
//!     (Request::QmmscfgCharacterWrite { charset: b"utf8" }, "one of ASCII, UTF8, UCS2, GBK, found another value"),
//!     (Request::QmmseditQuery { function: 6 }, "an integer from 1 to 5, found 6"),
//!     (Request::QmmseditAdd { function: 1, optstring: &[b'1'; 51] }, "a quoted string of at most 50 bytes, found 51 bytes"),
//!     (Request::QmmsendWrite { timeout: 65536 }, "an integer from 1 to 65535, found 65536"),
//! ];
//! for (request, says) in limits {
//!     let refused = build::line(&mut [0; 256], &[request]).unwrap_err().to_string();
//!     assert!(refused.contains(says), "{refused}");
//! }
//! ```

use crate::typed::{Slot, Value, view};
use crate::{Command, Error, ErrorKind, Reading};

impl<'a> Command<'a> {
    /// The command with typed parameters.
    ///
    /// # Errors
    /// As [`Command::reading`], which tells a broken limit ([`ErrorKind::is_limit`]) from another form.
    ///
    /// ```
    /// use ec20_at::{Dialect, command_line, request::Request};
    /// let line = command_line::read(b"AT+QFUPL=\"RAM:a.jpg\",2048", Dialect::CANONICAL)?;
    /// let command = line.commands().next().unwrap()?;
    /// let upload = Request::QfuplWrite { filename: b"RAM:a.jpg", filesize: Some(2048), timeout: None, ackmode: None };
    /// assert_eq!(command.request()?, upload);
    /// # Ok::<(), ec20_at::Error>(())
    /// ```
    pub fn request(&self) -> Result<Request<'a>, Error> {
        let reading = self.reading()?;
        let view = Request::from_reading(&reading, self.line())?;
        view.ok_or_else(|| {
            Error::syntax(self.line(), self.span().start, "a command").with_kind(ErrorKind::Unknown)
        })
    }
}

view! {
    /// One command. What a variant writes stands beside it; `[…]` may be left out.
    Request {
        /// `AT+QMMSCFG=?`
        QmmscfgTest = "qmmscfg_test";
        /// `AT+QMMSCFG="contextid"`
        QmmscfgContextidQuery = "qmmscfg_contextid_query";
        /// `AT+QMMSCFG="contextid",<contextid>`
        QmmscfgContextidWrite = "qmmscfg_contextid_write" { contextid: u32 };
        /// `AT+QMMSCFG="mmsc"`
        QmmscfgMmscQuery = "qmmscfg_mmsc_query";
        /// `AT+QMMSCFG="mmsc",<url>`
        QmmscfgMmscWrite = "qmmscfg_mmsc_write" { url: &'a [u8] };
        /// `AT+QMMSCFG="proxy"`
        QmmscfgProxyQuery = "qmmscfg_proxy_query";
        /// `AT+QMMSCFG="proxy",<gateway>,<port>`
        QmmscfgProxyWrite = "qmmscfg_proxy_write" { gateway: &'a [u8], port: u32 };
        /// `AT+QMMSCFG="character"`
        QmmscfgCharacterQuery = "qmmscfg_character_query";
        /// `AT+QMMSCFG="character",<charset>`
        QmmscfgCharacterWrite = "qmmscfg_character_write" { charset: &'a [u8] };
        /// `AT+QMMSCFG="sendparam"`
        QmmscfgSendparamQuery = "qmmscfg_sendparam_query";
        /// `AT+QMMSCFG="sendparam",<valid>,<pri>,<sendrep>,<readrep>,<visible>,<class>`
        QmmscfgSendparamWrite = "qmmscfg_sendparam_write" { valid: u32, pri: u32, sendrep: u32, readrep: u32, visible: u32, class: u32 };
        /// `AT+QMMSCFG="supportfield"`
        QmmscfgSupportfieldQuery = "qmmscfg_supportfield_query";
        /// `AT+QMMSCFG="supportfield",<supportfield>`
        QmmscfgSupportfieldWrite = "qmmscfg_supportfield_write" { supportfield: u32 };
        /// `AT+QMMSCFG="connecttimeout"`
        QmmscfgConnecttimeoutQuery = "qmmscfg_connecttimeout_query";
        /// `AT+QMMSCFG="connecttimeout",<connecttimeout>`
        QmmscfgConnecttimeoutWrite = "qmmscfg_connecttimeout_write" { connecttimeout: u32 };
        /// `AT+QMMSEDIT=?`
        QmmseditTest = "qmmsedit_test";
        /// `AT+QMMSEDIT=0`
        QmmseditClear = "qmmsedit_clear";
        /// `AT+QMMSEDIT=<function>`
        QmmseditQuery = "qmmsedit_query" { function: u32 };
        /// `AT+QMMSEDIT=<function>,0`
        QmmseditDelete = "qmmsedit_delete" { function: u32 };
        /// `AT+QMMSEDIT=<function>,1,<optstring>`
        QmmseditAdd = "qmmsedit_add" { function: u32, optstring: &'a [u8] };
        /// `AT+QMMSEND=?`
        QmmsendTest = "qmmsend_test";
        /// `AT+QMMSEND=<timeout>`
        QmmsendWrite = "qmmsend_write" { timeout: u32 };
        /// `AT+QFUPL=?`
        QfuplTest = "qfupl_test";
        /// `AT+QFUPL=<filename>[,<filesize>[,<timeout>[,<ackmode>]]]`
        QfuplWrite = "qfupl_write" { filename: &'a [u8], filesize: Option<u32>, timeout: Option<u32>, ackmode: Option<u32> };
        /// `AT+QFDWL=?`
        QfdwlTest = "qfdwl_test";
        /// `AT+QFDWL=<filename>`
        QfdwlWrite = "qfdwl_write" { filename: &'a [u8] };
        /// `AT+QFLST=?`
        QflstTest = "qflst_test";
        /// `AT+QFLST`
        QflstExec = "qflst_exec";
        /// `AT+QFLST=<pattern>`
        QflstWrite = "qflst_write" { pattern: &'a [u8] };
        /// `AT+QFDEL=?`
        QfdelTest = "qfdel_test";
        /// `AT+QFDEL=<filename>`
        QfdelWrite = "qfdel_write" { filename: &'a [u8] };
        /// `AT+QFLDS=?`
        QfldsTest = "qflds_test";
        /// `AT+QFLDS`
        QfldsExec = "qflds_exec";
        /// `AT+QFLDS=<pattern>`
        QfldsWrite = "qflds_write" { pattern: &'a [u8] };
        /// `AT+QFOPEN=?`
        QfopenTest = "qfopen_test";
        /// `AT+QFOPEN?`
        QfopenRead = "qfopen_read";
        /// `AT+QFOPEN=<filename>[,<mode>]`
        QfopenWrite = "qfopen_write" { filename: &'a [u8], mode: Option<u32> };
        /// `AT+QFREAD=?`
        QfreadTest = "qfread_test";
        /// `AT+QFREAD=<filehandle>[,<length>]`
        QfreadWrite = "qfread_write" { filehandle: u32, length: Option<u32> };
        /// `AT+QFWRITE=?`
        QfwriteTest = "qfwrite_test";
        /// `AT+QFWRITE=<filehandle>[,<length>[,<timeout>]]`
        QfwriteWrite = "qfwrite_write" { filehandle: u32, length: Option<u32>, timeout: Option<u32> };
        /// `AT+QFSEEK=?`
        QfseekTest = "qfseek_test";
        /// `AT+QFSEEK=<filehandle>,<offset>[,<position>]`
        QfseekWrite = "qfseek_write" { filehandle: u32, offset: u32, position: Option<u32> };
        /// `AT+QFPOSITION=?`
        QfpositionTest = "qfposition_test";
        /// `AT+QFPOSITION=<filehandle>`
        QfpositionWrite = "qfposition_write" { filehandle: u32 };
        /// `AT+QFTUCAT=?`
        QftucatTest = "qftucat_test";
        /// `AT+QFTUCAT=<filehandle>`
        QftucatWrite = "qftucat_write" { filehandle: u32 };
        /// `AT+QFCLOSE=?`
        QfcloseTest = "qfclose_test";
        /// `AT+QFCLOSE=<filehandle>`
        QfcloseWrite = "qfclose_write" { filehandle: u32 };
        /// `AT+QICSGP=?`
        QicsgpTest = "qicsgp_test";
        /// `AT+QICSGP=<contextid>`
        QicsgpQuery = "qicsgp_query" { contextid: u32 };
        /// `AT+QICSGP=<contextid>,<contexttype>,<apn>[,<username>,<password>[,<authentication>]]`
        QicsgpWrite = "qicsgp_write" { contextid: u32, contexttype: u32, apn: &'a [u8], username: Option<&'a [u8]>, password: Option<&'a [u8]>, authentication: Option<u32> };
        /// `AT+QIACT=?`
        QiactTest = "qiact_test";
        /// `AT+QIACT?`
        QiactRead = "qiact_read";
        /// `AT+QIACT=<contextid>`
        QiactWrite = "qiact_write" { contextid: u32 };
        /// `AT+QIDEACT=?`
        QideactTest = "qideact_test";
        /// `AT+QIDEACT=<contextid>`
        QideactWrite = "qideact_write" { contextid: u32 };
        /// `AT+QIGETERROR=?`
        QigeterrorTest = "qigeterror_test";
        /// `AT+QIGETERROR`
        QigeterrorExec = "qigeterror_exec";
        /// `AT+CGATT=?`
        CgattTest = "cgatt_test";
        /// `AT+CGATT?`
        CgattRead = "cgatt_read";
        /// `AT+CGATT=<state>`
        CgattWrite = "cgatt_write" { state: u32 };
        /// `AT+CGACT=?`
        CgactTest = "cgact_test";
        /// `AT+CGACT?`
        CgactRead = "cgact_read";
        /// `AT+CGACT=<state>[,<cid>]`
        CgactWrite = "cgact_write" { state: u32, cid: Option<u32> };
        /// `AT+CREG=?`
        CregTest = "creg_test";
        /// `AT+CREG?`
        CregRead = "creg_read";
        /// `AT+CREG=<n>`
        CregWrite = "creg_write" { n: u32 };
        /// `AT+CGREG=?`
        CgregTest = "cgreg_test";
        /// `AT+CGREG?`
        CgregRead = "cgreg_read";
        /// `AT+CGREG=<n>`
        CgregWrite = "cgreg_write" { n: u32 };
        /// `AT+CEREG=?`
        CeregTest = "cereg_test";
        /// `AT+CEREG?`
        CeregRead = "cereg_read";
        /// `AT+CEREG=<n>`
        CeregWrite = "cereg_write" { n: u32 };
        /// `AT+CGDCONT=?`
        CgdcontTest = "cgdcont_test";
        /// `AT+CGDCONT?`
        CgdcontRead = "cgdcont_read";
        /// `AT+CGDCONT=<cid>[,<pdptype>[,<apn>[,<pdpaddr>[,<dcomp>[,<hcomp>[,<ipv4addralloc>,<requesttype>]]]]]]`
        CgdcontWrite = "cgdcont_write" { cid: u32, pdptype: Option<&'a [u8]>, apn: Option<&'a [u8]>, pdpaddr: Option<&'a [u8]>, dcomp: Option<u32>, hcomp: Option<u32>, ipv4addralloc: Option<u32>, requesttype: Option<u32> };
        /// `AT+CGQMIN=?`
        CgqminTest = "cgqmin_test";
        /// `AT+CGQMIN?`
        CgqminRead = "cgqmin_read";
        /// `AT+CGQMIN=<cid>[,<precedence>[,<delay>[,<reliability>[,<peak>[,<mean>]]]]]`
        CgqminWrite = "cgqmin_write" { cid: u32, precedence: Option<u32>, delay: Option<u32>, reliability: Option<u32>, peak: Option<u32>, mean: Option<u32> };
        /// `AT+CGQREQ=?`
        CgqreqTest = "cgqreq_test";
        /// `AT+CGQREQ?`
        CgqreqRead = "cgqreq_read";
        /// `AT+CGQREQ=<cid>[,<precedence>[,<delay>[,<reliability>[,<peak>[,<mean>]]]]]`
        CgqreqWrite = "cgqreq_write" { cid: u32, precedence: Option<u32>, delay: Option<u32>, reliability: Option<u32>, peak: Option<u32>, mean: Option<u32> };
        /// `AT+CGEQMIN=?`
        CgeqminTest = "cgeqmin_test";
        /// `AT+CGEQMIN?`
        CgeqminRead = "cgeqmin_read";
        /// `AT+CGEQMIN=<cid>[,<trafficclass>[,<maxbitrateul>[,<maxbitratedl>[,<guaranteedbitrateul>[,<guaranteedbitratedl>[,<deliveryorder>[,<maxsdusize>[,<sduerrorratio>[,<residualbiterrorratio>[,<deliveryoferroneoussdus>[,<transferdelay>[,<traffichandlingpriority>]]]]]]]]]]]]`
        CgeqminWrite = "cgeqmin_write" { cid: u32, trafficclass: Option<u32>, maxbitrateul: Option<u32>, maxbitratedl: Option<u32>, guaranteedbitrateul: Option<u32>, guaranteedbitratedl: Option<u32>, deliveryorder: Option<u32>, maxsdusize: Option<u32>, sduerrorratio: Option<&'a [u8]>, residualbiterrorratio: Option<&'a [u8]>, deliveryoferroneoussdus: Option<u32>, transferdelay: Option<u32>, traffichandlingpriority: Option<u32> };
        /// `AT+CGEQREQ=?`
        CgeqreqTest = "cgeqreq_test";
        /// `AT+CGEQREQ?`
        CgeqreqRead = "cgeqreq_read";
        /// `AT+CGEQREQ=<cid>[,<trafficclass>[,<maxbitrateul>[,<maxbitratedl>[,<guaranteedbitrateul>[,<guaranteedbitratedl>[,<deliveryorder>[,<maxsdusize>[,<sduerrorratio>[,<residualbiterrorratio>[,<deliveryoferroneoussdus>[,<transferdelay>[,<traffichandlingpriority>]]]]]]]]]]]]`
        CgeqreqWrite = "cgeqreq_write" { cid: u32, trafficclass: Option<u32>, maxbitrateul: Option<u32>, maxbitratedl: Option<u32>, guaranteedbitrateul: Option<u32>, guaranteedbitratedl: Option<u32>, deliveryorder: Option<u32>, maxsdusize: Option<u32>, sduerrorratio: Option<&'a [u8]>, residualbiterrorratio: Option<&'a [u8]>, deliveryoferroneoussdus: Option<u32>, transferdelay: Option<u32>, traffichandlingpriority: Option<u32> };
        /// `ATE`
        EExec = "e_exec";
        /// `ATE<value>`
        EWrite = "e_write" { value: u32 };
        /// `ATV`
        VExec = "v_exec";
        /// `ATV<value>`
        VWrite = "v_write" { value: u32 };
        /// `ATQ`
        QExec = "q_exec";
        /// `ATQ<value>`
        QWrite = "q_write" { value: u32 };
        /// `ATZ`
        ZExec = "z_exec";
        /// `ATZ0`
        ZWrite = "z_write" { value: u32 };
        /// `AT&F`
        AmpFExec = "amp_f_exec";
        /// `AT&F0`
        AmpFWrite = "amp_f_write" { value: u32 };
        /// `ATI`
        IExec = "i_exec";
        /// `ATI<value>`
        IWrite = "i_write" { value: u32 };
        /// `ATS3?`
        S3Read = "s3_read";
        /// `ATS3=<value>`
        S3Write = "s3_write" { value: u32 };
        /// `ATS4?`
        S4Read = "s4_read";
        /// `ATS4=<value>`
        S4Write = "s4_write" { value: u32 };
        /// `ATS5?`
        S5Read = "s5_read";
        /// `ATS5=<value>`
        S5Write = "s5_write" { value: u32 };
        /// `AT+CMEE=?`
        CmeeTest = "cmee_test";
        /// `AT+CMEE?`
        CmeeRead = "cmee_read";
        /// `AT+CMEE=<n>`
        CmeeWrite = "cmee_write" { n: u32 };
        /// `AT+CSCS=?`
        CscsTest = "cscs_test";
        /// `AT+CSCS?`
        CscsRead = "cscs_read";
        /// `AT+CSCS=<chset>`
        CscsWrite = "cscs_write" { chset: &'a [u8] };
        /// `AT+CPIN=?`
        CpinTest = "cpin_test";
        /// `AT+CPIN?`
        CpinRead = "cpin_read";
        /// `AT+CPIN=<pin>[,<newpin>]`
        CpinWrite = "cpin_write" { pin: &'a [u8], newpin: Option<&'a [u8]> };
        /// `AT+CFUN=?`
        CfunTest = "cfun_test";
        /// `AT+CFUN?`
        CfunRead = "cfun_read";
        /// `AT+CFUN=<fun>[,<rst>]`
        CfunWrite = "cfun_write" { fun: u32, rst: Option<u32> };
        /// `AT+CSQ=?`
        CsqTest = "csq_test";
        /// `AT+CSQ`
        CsqExec = "csq_exec";
        /// `AT+COPS=?`
        CopsTest = "cops_test";
        /// `AT+COPS?`
        CopsRead = "cops_read";
        /// `AT+COPS=<mode>[,<format>[,<oper>[,<act>]]]`
        CopsWrite = "cops_write" { mode: u32, format: Option<u32>, oper: Option<&'a [u8]>, act: Option<u32> };
        /// `AT+CIMI=?`
        CimiTest = "cimi_test";
        /// `AT+CIMI`
        CimiExec = "cimi_exec";
        /// `AT+QCCID=?`
        QccidTest = "qccid_test";
        /// `AT+QCCID`
        QccidExec = "qccid_exec";
        /// `AT+CGSN=?`
        CgsnTest = "cgsn_test";
        /// `AT+CGSN`
        CgsnExec = "cgsn_exec";
        /// `AT+GSN=?`
        GsnTest = "gsn_test";
        /// `AT+GSN`
        GsnExec = "gsn_exec";
        /// `AT+CGMI=?`
        CgmiTest = "cgmi_test";
        /// `AT+CGMI`
        CgmiExec = "cgmi_exec";
        /// `AT+GMI=?`
        GmiTest = "gmi_test";
        /// `AT+GMI`
        GmiExec = "gmi_exec";
        /// `AT+CGMM=?`
        CgmmTest = "cgmm_test";
        /// `AT+CGMM`
        CgmmExec = "cgmm_exec";
        /// `AT+GMM=?`
        GmmTest = "gmm_test";
        /// `AT+GMM`
        GmmExec = "gmm_exec";
        /// `AT+CGMR=?`
        CgmrTest = "cgmr_test";
        /// `AT+CGMR`
        CgmrExec = "cgmr_exec";
        /// `AT+GMR=?`
        GmrTest = "gmr_test";
        /// `AT+GMR`
        GmrExec = "gmr_exec";
        /// `AT+QGMR=?`
        QgmrTest = "qgmr_test";
        /// `AT+QGMR`
        QgmrExec = "qgmr_exec";
        /// `AT+QURCCFG=?`
        QurccfgTest = "qurccfg_test";
        /// `AT+QURCCFG="urcport"`
        QurccfgUrcportQuery = "qurccfg_urcport_query";
        /// `AT+QURCCFG="urcport",<urcport>`
        QurccfgUrcportWrite = "qurccfg_urcport_write" { urcport: &'a [u8] };
    }
}
