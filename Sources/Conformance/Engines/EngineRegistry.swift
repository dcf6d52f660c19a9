/// The engines that a command line offers by name.
public struct EngineRegistry: Sendable {
    /// An engine's name and how to make one.
    public struct Entry: Sendable {
        public let name: String
        let isBounded: Bool
        let make: @Sendable () throws -> any Engine

        /// One engine, for one worker.
        public func makeEngine() throws -> any Engine {
            try make()
        }

        /// The engine, ready to be run.
        ///
        /// - Parameter limit: how long making it may take in a worker.
        public func start(within limit: Duration = .seconds(60)) throws(EngineStartError) -> InProcessEngine {
            try InProcessEngine(name: name, startLimit: limit, isBounded: isBounded, make: make)
        }
    }

    /// In the order of registration.
    public private(set) var entries: [Entry] = []

    public init() {}

    /// Offers an engine under a name; a name registered again is replaced.
    ///
    ///     engines.register("mine") { Mine() }
    ///
    /// - Parameter make: makes an engine; called once for each worker of a run.
    public mutating func register(_ name: String, _ make: @escaping @Sendable () throws -> any Engine) {
        register(Entry(name: name, isBounded: false, make: make))
    }

    /// Offers an engine that is known to do no more than a few operations for each product.
    package mutating func register(bounded name: String, _ make: @escaping @Sendable () throws -> any Engine) {
        register(Entry(name: name, isBounded: true, make: make))
    }

    /// Offers an engine of another registry.
    public mutating func register(_ entry: Entry) {
        entries.removeAll { $0.name == entry.name }
        entries.append(entry)
    }

    /// The names, in the order of registration.
    public var names: [String] { entries.map(\.name) }

    public subscript(name: String) -> Entry? {
        entries.first { $0.name == name }
    }
}
