internal import ArgumentParser

/// A part of the cases, for machines that share the work.
struct Shard: ExpressibleByArgument {
    let index: Int
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1, (1...count).contains(index)
        else {
            return nil
        }
        self.index = index
        self.count = count
    }

    func part<Element>(of list: [Element]) -> [Element] {
        stride(from: index - 1, to: list.count, by: count).map { list[$0] }
    }
}
