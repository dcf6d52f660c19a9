extension Problem {
    /// The numbers of this problem, checked, also against the tensors that come with it.
    ///
    /// - Parameters:
    ///   - input: `[batch, height, width, channels]`.
    ///   - filter: `[kernel height, kernel width, channels / groups, filters]`.
    ///   - bias: one number for each filter, or `nil`.
    /// - Throws: ``InvalidProblem`` where ``geometry()`` does, or a tensor is not as the problem describes it.
    public func geometry<Element>(
        input: Tensor<Element>, filter: Tensor<Element>, bias: [Element]?
    ) throws(InvalidProblem) -> Geometry {
        for (name, got, want) in [("input", input.shape, self.input), ("filter", filter.shape, self.filter)]
        where got != want {
            throw InvalidProblem("the \(name) has the shape \(got), the problem describes \(want)")
        }
        if bias?.count != biasCount {
            let counts = [bias?.count, biasCount].map { $0.map { "\($0) biases" } ?? "no bias" }
            throw InvalidProblem("the data have \(counts[0]), the problem describes \(counts[1])")
        }
        return try geometry()
    }
}
