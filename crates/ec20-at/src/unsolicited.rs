//! What the module says by itself: URCs, and the final results that end a command.

use crate::typed::{Slot, Value, view};
use crate::{Dialect, Error, ErrorKind, Reading, Unit, read_unit};

impl<'a> Urc<'a> {
    /// Reads a URC, given without CR and LF.
    ///
    /// # Errors
    /// Where and why the line is refused; [`ErrorKind::Unknown`] when the tables lack it.
    ///
    /// ```
    /// use ec20_at::{Dialect, unsolicited::Urc};
    /// let sent = Urc::read(b"+QMMSEND: 0,200", Dialect::CANONICAL)?;
    /// assert_eq!(sent, Urc::Qmmsend { err: 0, httprsp: Some(200), mmsrsp: None });
    /// # Ok::<(), ec20_at::Error>(())
    /// ```
    pub fn read(line: &'a [u8], dialect: impl Into<Dialect>) -> Result<Self, Error> {
        let mut view = Ok(None);
        read_unit(Unit::Urc, dialect, line, |reading| view = Self::from_reading(&reading, line))?;
        view?.ok_or_else(|| Error::syntax(line, 0, "a URC").with_kind(ErrorKind::Unknown))
    }
}

view! {
    /// One unsolicited result code. What a variant reads stands beside it; `[…]` may be missing.
    Urc {
        /// `+QMMSEND: <err>[,<httprsp>[,<mmsrsp>]]`: how a send ended
        Qmmsend = "qmmsend_urc" { err: u32, httprsp: Option<u32>, mmsrsp: Option<&'a [u8]> };
        /// `+QIURC: "pdpdeact",<contextid>`
        QiurcPdpdeact = "qiurc_pdpdeact_urc" { contextid: u32 };
        /// `+CREG: <stat>[,<lac>,<ci>[,<act>[,<rac>]]]`
        Creg = "creg_urc" { stat: u32, lac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32>, rac: Option<&'a [u8]> };
        /// `+CGREG: <stat>[,<lac>,<ci>[,<act>[,<rac>]]]`
        Cgreg = "cgreg_urc" { stat: u32, lac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32>, rac: Option<&'a [u8]> };
        /// `+CEREG: <stat>[,<tac>,<ci>[,<act>]]`
        Cereg = "cereg_urc" { stat: u32, tac: Option<&'a [u8]>, ci: Option<&'a [u8]>, act: Option<u32> };
        /// `+CFUN: <fun>`
        Cfun = "cfun_urc" { fun: u32 };
        /// `+CPIN: <code>`
        Cpin = "cpin_urc" { code: &'a [u8] };
        /// `+QUSIM: <status>`
        Qusim = "qusim_urc" { status: u32 };
        /// `+CMTI: <mem>,<index>`
        Cmti = "cmti_urc" { mem: &'a [u8], index: u32 };
        /// `+QIND: SMS DONE`
        QindSmsDone = "qind_sms_done_urc";
        /// `+QIND: PB DONE`
        QindPbDone = "qind_pb_done_urc";
        /// `RDY`
        Rdy = "rdy_urc";
        /// `POWERED DOWN`
        PoweredDown = "powered_down_urc";
        /// `RING`
        Ring = "ring_urc";
    }
}

impl<'a> Final<'a> {
    /// Reads a final result, given without CR and LF: in words, or as the numeral of ATV0.
    ///
    /// # Errors
    /// Where and why the line is refused; [`ErrorKind::Unknown`] when it is no final result.
    ///
    /// ```
    /// use ec20_at::{Dialect, unsolicited::Final};
    /// let refused = Final::read(b"+CME ERROR: 756", Dialect::CANONICAL)?;
    /// assert_eq!(refused, Final::CmeNumeric { err: 756 });
    /// assert!(!refused.is_success());
    /// # Ok::<(), ec20_at::Error>(())
    /// ```
    pub fn read(line: &'a [u8], dialect: impl Into<Dialect>) -> Result<Self, Error> {
        let mut view = Ok(None);
        read_unit(Unit::Final, dialect, line, |reading| view = Self::from_reading(&reading, line))?;
        view?.ok_or_else(|| Error::syntax(line, 0, "a final result").with_kind(ErrorKind::Unknown))
    }

    /// Whether the command did what it should: `OK` or its numeral.
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Ok | Self::Numeric { code: 0 })
    }

    /// Whether data follow instead of the end: `CONNECT` or its numeral.
    pub const fn is_connect(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Numeric { code: 1 })
    }
}

view! {
    /// One final result. What a variant reads stands beside it.
    Final {
        /// `OK`
        Ok = "final_ok";
        /// `ERROR`
        Error = "final_error";
        /// `CONNECT[ <length>]`: data follow, so many bytes where the module says so
        Connect = "final_connect" { length: Option<&'a [u8]> };
        /// `NO CARRIER`
        NoCarrier = "final_no_carrier";
        /// `NO DIALTONE`
        NoDialtone = "final_no_dialtone";
        /// `BUSY`
        Busy = "final_busy";
        /// `NO ANSWER`
        NoAnswer = "final_no_answer";
        /// `+CME ERROR: <err>`, after `AT+CMEE=1`
        CmeNumeric = "final_cme_numeric" { err: u32 };
        /// `+CME ERROR: <text>`, after `AT+CMEE=2`
        CmeVerbose = "final_cme_verbose" { text: &'a [u8] };
        /// `+CMS ERROR: <err>`
        CmsNumeric = "final_cms_numeric" { err: u32 };
        /// `+CMS ERROR: <text>`
        CmsVerbose = "final_cms_verbose" { text: &'a [u8] };
        /// `0` to `4`, `6` to `8`: a result as `ATV0` writes it
        Numeric = "final_numeric" { code: u32 };
    }
}
