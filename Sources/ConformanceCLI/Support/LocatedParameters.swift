internal import Conformance
internal import FaultyEngines
internal import Reporting

/// Which parameters a report speaks of that has these findings.
///
/// Only findings count that are about most of what failed, and each for itself: what is found of a few cases has led
/// nobody to the cause.
struct LocatedParameters {
    /// Of each finding.
    private let found: [Set<Parameter>]
    let hasRule: Bool
    /// The findings in a line.
    let text: String

    init(_ findings: [Finding]) {
        let large = findings.filter { 2 * $0.cases.count >= $0.allFailing }
        found = large.map(Self.parameters)
        hasRule = findings.contains { $0.rule != nil }
        text =
            large.isEmpty
            ? "nothing of most cases"
            : large.map { finding in
                (finding.candidates.prefix(1).map {
                    "named: \($0.name), \(finding.cases.count) of \(finding.allFailing), \(finding.spared) spared"
                }
                    + FindingText(finding).parts.filter {
                        ["where", "elements", "instead", "precision", "history"].contains($0.label)
                    }
                    .map { "\($0.label): \($0.text)" }).joined(separator: "; ")
            }.joined(separator: " / ")
    }

    func areAll(_ responsible: [Set<Parameter>]) -> Bool {
        found.contains { found in responsible.allSatisfy { !$0.isDisjoint(with: found) } }
    }

    func isPartOf(_ responsible: [Set<Parameter>]) -> Bool {
        found.contains { found in responsible.contains { !$0.isDisjoint(with: found) } }
    }

    static func text(_ responsible: [Set<Parameter>]) -> String {
        responsible.map { $0.map(\.rawValue).sorted().joined(separator: " or ") }.joined(separator: ", ")
    }

    private static func parameters(of finding: Finding) -> Set<Parameter> {
        var found: Set<Parameter> = []
        for condition in finding.rule?.conditions ?? [] { found.formUnion(parameters(inCase: condition.quantity)) }
        for condition in finding.answers?.place?.conditions ?? [] {
            found.formUnion(parameters(inAnswer: condition.quantity))
        }
        // What the name of a mistake says, which gives nearly all the answers.
        if 10 * finding.cases.count >= 9 * finding.allFailing, let name = finding.candidates.first?.name,
            let fault = Fault.named(name)
        {
            for parameters in fault.responsible where parameters.count == 1 { found.formUnion(parameters) }
        }
        if finding.answers?.precision != nil { found.insert(.precision) }
        switch finding.answers?.content {
        case .withoutBias?, .biasTwice?: found.insert(.bias)
        case .finite?, .nan?: found.insert(.value)
        default: break
        }
        switch finding.history?.conclusion {
        case .firstCall?, .laterCalls?, .aloneOnly?, .after?, .certainCalls?, .sometimes?: found.insert(.order)
        default: break
        }
        return found
    }

    /// Of a quantity of a case by the words in its name.
    private static func parameters(inCase quantity: String) -> Set<Parameter> {
        if quantity.hasPrefix("comes ") { return [.order] }
        let words: [(String, Parameter)] = [
            ("stride", .stride), ("kernel", .kernel), ("pointwise", .kernel), ("dilat", .dilation), ("pad", .pad),
            ("SAME", .pad), ("VALID", .pad), ("crop", .pad), ("group", .group), ("depthwise", .group),
            ("channel", .channel), ("filter", .filter), ("batch", .batch), ("images", .batch), ("bias", .bias),
            ("product", .product), ("special values", .value), ("given", .layout), ("answers", .type),
            ("int8", .type), ("8 bits", .type), ("zero points", .type), ("gradient", .operation),
            ("forward", .operation), ("invalid", .validity), ("real data", .precision),
        ]
        var found = Set(words.filter { quantity.contains($0.0) }.map(\.1))
        // A gradient of something, and a type of a tensor, are no parameters of that.
        if found.contains(.operation) { found = [.operation] }
        if found.contains(.layout) { found = [.layout] }
        if found.contains(.type) { found = [.type] }
        // That real data fails may have many causes.
        found.remove(.precision)
        return found.isEmpty && quantity != "has real data" ? [.image] : found
    }

    /// Of a quantity of an element.
    private static func parameters(inAnswer quantity: String) -> Set<Parameter> {
        if quantity.contains("wanted") { return [.value] }
        if quantity.hasPrefix("of a problem that is ") || quantity.hasPrefix("of a problem that has ") {
            return parameters(inCase: quantity)
        }
        if quantity.contains("window") { return [.pad] }
        let words: [(String, Parameter)] = [
            ("kernel", .kernel), ("image", .batch), ("filter", .filter), ("channel", .channel), ("group", .group),
        ]
        let found = Set(words.filter { quantity.contains($0.0) }.map(\.1))
        return found.isEmpty ? [.image] : found
    }
}
