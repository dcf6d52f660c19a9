internal import Conformance
internal import Convolution

/// Where mismatches lie, in words.
///
/// Where they do not lie everywhere, the pattern is what names the fault: one column at the right edge, the elements whose
/// window reaches into the padding, the filters of one group.
struct LocationPhrase {
    let location: MismatchLocation
    /// Groups of the problem: where the filters at fault are whole groups, they are named.
    let groups: Int

    init(_ location: MismatchLocation, groups: Int = 1) {
        self.location = location
        self.groups = groups
    }

    /// Sentences without a full stop, the most telling first.
    var phrases: [String] {
        if location.total == location.shape.count { return ["every element"] }
        return isExactlyOneRegion ? [padding, axes].compactMap { $0 } : [axes, padding].compactMap { $0 }
    }

    /// Whether the mismatches are all of the border or all of the interior, and nothing else.
    private var isExactlyOneRegion: Bool {
        (location.border, location.interior) == (location.borderElements, 0)
            || (location.border, location.interior) == (0, location.interiorElements)
    }

    /// How the mismatches lie to the padding, where there is any.
    private var padding: String? {
        let (all, wrong) = (location.borderElements, location.border)
        let (allInside, wrongInside) = (location.interiorElements, location.interior)
        let border = "whose window reaches into the padding"
        let interior = "whose window lies inside the input"
        if all == 0 { return nil }
        if allInside == 0 { return "every window of this case reaches into the padding" }
        switch (wrong, wrongInside) {
        case (all, 0): return "every element \(border), and no other"
        case (0, allInside): return "every element \(interior), and no other"
        case (_, 0): return "only elements \(border): \(share(wrong, all)) of them"
        case (0, _): return "only elements \(interior): \(share(wrongInside, allInside)) of them"
        default:
            return "\(share(wrong, all)) elements \(border), \(share(wrongInside, allInside)) \(interior)"
        }
    }

    private func share(_ wrong: Int, _ all: Int) -> String {
        wrong == all ? "all \(Numbers.count(all))" : "\(Numbers.count(wrong)) of \(Numbers.count(all))"
    }

    /// Which batches, rows, columns and filters hold mismatches: first what is not all of them.
    private var axes: String {
        var parts: [String] = []
        var whole: [String] = []
        var candidates = 1
        for axis in MismatchLocation.Axis.allCases {
            let extent = location.shape[axis.rawValue]
            let indices = location.indices(axis)
            candidates *= indices.count
            if indices.count == extent {
                if extent > 1 { whole.append(plural(axis)) }
            } else {
                parts.append(phrase(axis, indices, extent))
            }
        }
        if parts.isEmpty { return "spread over all \(enumeration(whole))" }
        if !whole.isEmpty { parts.append("in all \(enumeration(whole))") }
        let density = location.total == candidates ? "every element" : "\(share(location.total, candidates)) elements"
        return parts.joined(separator: ", ") + ": \(density) there"
    }

    /// Some of an axis: `only the last column (8)`, `filters 16...17 of 18`.
    private func phrase(_ axis: MismatchLocation.Axis, _ indices: [Int], _ extent: Int) -> String {
        if indices.count == 1 {
            switch indices[0] {
            case 0: return "only the first \(singular(axis)) (0)"
            case extent - 1: return "only the last \(singular(axis)) (\(extent - 1))"
            default: return "only \(singular(axis)) \(indices[0]) of \(extent)"
            }
        }
        let runs = IndexRuns(indices)
        let text = "\(plural(axis)) \(runs.text) of \(extent)"
        return singular(axis) == "filter" ? text + (wholeGroups(indices, extent) ?? "") : text
    }

    /// Which groups the filters at fault make up, where they are whole groups.
    private func wholeGroups(_ filters: [Int], _ extent: Int) -> String? {
        guard groups > 1, extent.isMultiple(of: groups) else { return nil }
        let size = extent / groups
        let touched = Set(filters.map { $0 / size }).sorted()
        guard size > 1, touched.count * size == filters.count else { return nil }
        return " (\(touched.count == 1 ? "group" : "groups") \(IndexRuns(touched).text) of \(groups))"
    }

    private func singular(_ axis: MismatchLocation.Axis) -> String { location.role.axes[axis.rawValue] }

    private func plural(_ axis: MismatchLocation.Axis) -> String {
        singular(axis) == "batch" ? "batches" : singular(axis) + "s"
    }

    private func enumeration(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}
