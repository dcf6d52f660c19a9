internal import Conformance

extension RunSummary {
    /// Each damage once: every engine meets the same.
    var distinctDamage: [String] {
        var seen: Set<String> = []
        return damage.filter { seen.insert($0).inserted }
    }
}
