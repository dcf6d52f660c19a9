internal import Conformance

extension StatusCounts {
    /// Several counts added up.
    init(sum counts: [StatusCounts]) {
        self.init()
        for status in Status.allCases {
            self[status] = counts.reduce(0) { $0 + $1[status] }
        }
    }
}
