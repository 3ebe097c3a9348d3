//! The words that divide, with what one can say instead and why: data, to be added to by those who know better.
//!
//! Not here is what also means something in a pathway (`case`), and what a diagnosis is called.

/// Words that divide for one reason.
pub(super) struct Dividing {
    /// What is said, in small letters and without hyphens, and what fits in its place; nothing fits where that is empty.
    pub says: &'static [(&'static str, &'static str)],
    /// What there is to say about it, as one goes on after a colon or a full stop.
    pub why: &'static str,
}

/// The words.
pub(super) const DIVIDING: &[Dividing] = &[
    Dividing {
        says: &[("patient", "person"), ("patients", "people")],
        why: "somebody is a patient to a hospital, and a person wherever they are",
    },
    Dividing {
        says: &[("service user", "person"), ("service users", "people")],
        why: "nobody calls themselves that, and half of the people round the table do not either",
    },
    Dividing {
        says: &[("client", "person"), ("clients", "people")],
        why: "a client can go elsewhere; whoever needs care mostly cannot",
    },
    Dividing {
        says: &[
            ("bed blocker", "person waiting to go home"),
            ("bed blockers", "people waiting to go home"),
            ("bed blocking", "waiting to go home"),
        ],
        why: "nobody blocks a bed: they wait for something that is not there yet",
    },
    Dividing {
        says: &[
            ("frequent flyer", "person who often needs help"),
            ("frequent flyers", "people who often need help"),
            ("frequent attender", "person who often needs help"),
            ("frequent attenders", "people who often need help"),
        ],
        why: "whoever comes often has not had what they needed",
    },
    Dividing { says: &[("the elderly", "older people")], why: "it makes one crowd of very different people" },
    Dividing {
        says: &[
            ("refuses", "declines"),
            ("refuses to", "declines to"),
            ("refused to", "declined to"),
            ("refusing to", "declining to"),
        ],
        why: "to say no is a right, not a misdeed",
    },
    Dividing {
        says: &[("non compliant", ""), ("noncompliant", ""), ("non compliance", ""), ("noncompliance", "")],
        why: "say what the person declines, and why, if they said; perhaps nobody asked",
    },
    Dividing {
        says: &[("failed discharge", ""), ("failed discharges", "")],
        why: "it sounds as if the person had failed; say what was not in place at home",
    },
    Dividing {
        says: &[("social admission", ""), ("social admissions", "")],
        why: "it says that somebody should not be here; say what they needed and could not get at home",
    },
    Dividing {
        says: &[("acopia", ""), ("acopic", "")],
        why: "it is no diagnosis; say what the person needs help with",
    },
    Dividing {
        says: &[
            ("suffer from", "live with"),
            ("suffers from", "lives with"),
            ("suffered from", "lived with"),
            ("suffering from", "living with"),
        ],
        why: "whether somebody suffers is theirs to say",
    },
    Dividing {
        says: &[("failed to attend", "did not attend"), ("fails to attend", "does not attend")],
        why: "it says whose fault it was before anybody has asked what kept them",
    },
    Dividing {
        says: &[("wheelchair bound", ""), ("confined to a wheelchair", "")],
        why: "a wheelchair gets people about; say that the person uses one",
    },
];
