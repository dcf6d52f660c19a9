public import Convolution

/// In which of its declared layouts an engine is run.
public enum LayoutSelection: String, Hashable, Sendable, CaseIterable {
    /// In its preferred layouts only.
    case preferred
    /// In its preferred layouts, and in every other on a sample of the cases.
    case sample
    /// In every declared layout on every case.
    case all

    /// One case in this many is in the sample; a prime, so that every bit of a case's hash counts.
    static let sampleInterval = 17

    /// The layouts in which a case is run, the preferred one first.
    public func layouts(of capabilities: Capabilities, for header: CaseHeader) -> [LayoutPair] {
        let layouts = capabilities.layouts
        return switch self {
        case .preferred: Array(layouts.prefix(1))
        case .all: layouts
        case .sample: header.isInLayoutSample ? layouts : Array(layouts.prefix(1))
        }
    }
}

extension CaseHeader {
    /// Whether the case belongs to the sample that is run in every layout: a fixed choice by its id (FNV-1a).
    var isInLayoutSample: Bool {
        let hash = id.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return hash % UInt64(LayoutSelection.sampleInterval) == 0
    }
}
