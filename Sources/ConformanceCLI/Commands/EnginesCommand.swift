internal import ArgumentParser
internal import Conformance
internal import Convolution

/// `convcheck engines`: the engines that can be run by name.
struct EnginesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engines", abstract: "Lists all registered engines, or describes the given ones.",
        discussion: "With --engine 'cmd:PROGRAM ARG...' or lib:PATH it shows what the program or the library declares.")

    @OptionGroup var engines: EngineOptions

    func run() throws {
        for engine in try engines.start(engines.specifications.isEmpty ? ["all"] : engines.specifications) {
            print(SafeText.line("\(engine.name) \(engine.version)") + "\n    \(engine.capabilities.phrase)")
            let configuration = engine.configuration.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            if !configuration.isEmpty { print("    " + SafeText.line(configuration.joined(separator: ", "))) }
        }
    }
}

extension Capabilities {
    /// What an engine takes and how it computes, in one line.
    var phrase: String {
        let inputs = inputLayouts.map(\.rawValue).joined(separator: " ")
        let filters = filterLayouts.map(\.rawValue).joined(separator: " ")
        let lacking = [
            (groups, "groups"), (strides, "strides"), (dilations, "dilations"), (asymmetricPads, "asymmetric pads"),
            (bias, "bias"),
        ].filter { !$0.0 }.map(\.1)
        let limits = lacking.isEmpty ? "" : "; without " + lacking.joined(separator: ", ")
        let further = [
            (infersGroups, "; infers groups"), (views, "; takes views"),
            (integerBits < Capabilities.mostIntegerBits, "; integers of \(integerBits) bits"),
        ].filter(\.0).map(\.1).joined()
        return "input \(inputs); filter \(filters); \(algorithm.rawValue), \(arithmetic.rawValue)\(limits)\(further)"
    }
}
