public import Conformance
public import Convolution

/// Which golden cases catch which faults.
///
/// A case kills a fault where the engine with that fault fails it and the same engine without the fault passes. A case
/// that leaves two answers open reports a fault that passes with the other one.
public struct KillMatrix: Sendable {
    /// A suite of the matrix.
    public struct Suite: Hashable, Sendable {
        public let name: String
        /// How many of its cases were run.
        public internal(set) var cases: Int
    }

    /// One fault against all cases.
    public struct Row: Sendable {
        public let fault: Fault
        /// How many cases kill the fault, suite by suite; suites that have none are missing.
        public internal(set) var kills: [String: Int] = [:]
        /// How many cases do not kill the fault, but report another of two right answers.
        public internal(set) var reported = 0
        /// In how many cases the output is not bit for bit the right one, caught or not.
        public internal(set) var shown = 0
        /// The smallest error over allowance with which a case caught it; `nil` where no finite error did.
        public internal(set) var leastRatio: CaughtRatio?
        /// The largest finite one.
        public internal(set) var greatestRatio: CaughtRatio?

        /// How many cases kill the fault.
        public var total: Int { kills.values.reduce(0, +) }
        /// How many cases kill or report it.
        public var noticed: Int { total + reported }
    }

    /// An error over what is allowed, and the case that showed it.
    public struct CaughtRatio: Hashable, Sendable {
        public let ratio: Double
        /// The case's id.
        public let caseID: String
    }

    /// One case against all faults.
    public struct Trial: Sendable {
        public let header: CaseHeader
        /// Places in ``KillMatrix/rows`` of the faults that it kills, ascending.
        public let kills: [Int]
    }

    /// A case that accuses the engine without a fault.
    public struct FalseAlarm: Sendable {
        public let header: CaseHeader
        /// The first layouts in which it does.
        public let layouts: LayoutPair
        public let verdict: Verdict
    }

    /// In the order of their first case.
    public internal(set) var suites: [Suite] = []
    /// In the order of the bank.
    public internal(set) var rows: [Row]
    /// In the order of the source.
    public internal(set) var trials: [Trial] = []
    /// Cases that accuse the engine without a fault: a defect of the case or of the harness.
    public internal(set) var falseAlarms: [FalseAlarm] = []
    /// Cases with more products than were allowed, which no fault was run on.
    public internal(set) var skipped: [CaseHeader] = []

    init(faults: [Fault]) {
        rows = faults.map { Row(fault: $0) }
    }
}

extension KillMatrix {
    /// Faults that no case kills or reports.
    public var survivors: [Row] { rows.filter { $0.noticed == 0 } }

    /// Faults that some cases kill or report, but fewer than `least`.
    public func thinlyCaught(least: Int = 3) -> [Row] {
        rows.filter { $0.noticed > 0 && $0.noticed < least }
    }

    /// Faults that no case kills: they do what IEEE 754 leaves to the algorithm, and cases report it.
    public var onlyReported: [Row] { rows.filter { $0.total == 0 && $0.reported > 0 } }

    /// Cases that kill no fault at all.
    public var idleCases: [CaseHeader] {
        trials.filter(\.kills.isEmpty).map(\.header)
    }

    /// Cases that kill nothing that one other case does not kill too, with that case; of equals the first is kept.
    ///
    /// Idle cases are not among them. A case may be worth keeping all the same: for a fault that the bank does not have.
    public var dominatedCases: [(header: CaseHeader, by: CaseHeader)] {
        let sets = trials.map { FaultSet($0.kills, of: rows.count) }
        return trials.indices.compactMap { place in
            if sets[place].count == 0 { return nil }
            let dominating = trials.indices.first { other in
                let isEarlier = other < place
                return other != place && sets[place].isSubset(of: sets[other])
                    && (isEarlier || sets[other].count > sets[place].count)
            }
            return dominating.map { (trials[place].header, trials[$0].header) }
        }
    }

    /// Cases that alone kill some fault, with those faults: without the case they would survive.
    public var indispensableCases: [(header: CaseHeader, faults: [Fault])] {
        trials.compactMap { trial in
            let alone = trial.kills.map { rows[$0] }.filter { $0.noticed == 1 }.map(\.fault)
            return alone.isEmpty ? nil : (trial.header, alone)
        }
    }
}

/// A bit to each fault: every case's faults are held against every other's.
private struct FaultSet {
    let count: Int
    private let words: [UInt64]

    init(_ places: [Int], of count: Int) {
        var words = [UInt64](repeating: 0, count: (count + 63) / 64)
        for place in places { words[place / 64] |= 1 << (place % 64) }
        self.words = words
        self.count = places.count
    }

    func isSubset(of other: Self) -> Bool {
        words.indices.allSatisfy { words[$0] & ~other.words[$0] == 0 }
    }
}
