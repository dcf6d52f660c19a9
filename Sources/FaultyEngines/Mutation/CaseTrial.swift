package import Conformance
package import Convolution

/// One golden case, tried on many faults.
package struct CaseTrial {
    /// What a fault came to on the case.
    struct Finding {
        var isShown = false
        var isKilled = false
        /// Whether it passes, but with another of the answers that the case leaves open than the right engine.
        var isReported = false
        /// The largest error over allowance, where every error that caught the fault is finite.
        var ratio: Double?
    }

    package let golden: GoldenCase
    private let judge: Judge
    /// The right answers and the sums behind them, by layout, made as they are needed.
    private var right: [LayoutPair: (answer: EngineAnswer, sums: RightSums?)] = [:]
    private var requests: [LayoutPair: EngineRequest] = [:]

    package init(_ golden: GoldenCase, judge: Judge = Judge()) {
        self.golden = golden
        self.judge = judge
    }

    /// The verdict with which the case accuses the engine without a fault, or `nil` where it does not.
    mutating func falseAlarm(in layouts: [LayoutPair]) -> KillMatrix.FalseAlarm? {
        for pair in layouts {
            let verdict = verdict(on: right(in: pair).answer)
            if verdict.status != .pass {
                return KillMatrix.FalseAlarm(header: golden.header, layouts: pair, verdict: verdict)
            }
        }
        return nil
    }

    /// What becomes of an engine with a fault.
    mutating func finding(of engine: FaultyEngine, in layouts: [LayoutPair]) -> Finding {
        var finding = Finding()
        for pair in layouts {
            let request = request(in: pair)
            let spoiled = engine.spoiledAnswer(to: request) { right(in: pair).sums }
            guard let spoiled, !spoiled.isSame(as: right(in: pair).answer) else { continue }
            finding.isShown = true
            let verdict = verdict(on: spoiled)
            guard verdict.status.isFailure else {
                if verdict.remark != rightRemark(in: pair) { finding.isReported = true }
                continue
            }
            let ratio = verdict.comparison?.ratio ?? .infinity
            finding.ratio = max(finding.ratio ?? 0, ratio)
            finding.isKilled = true
        }
        if finding.ratio?.isFinite == false { finding.ratio = nil }
        if finding.isKilled { finding.isReported = false }
        return finding
    }

    /// What an engine with a fault answers to its first request, or `nil` where that is what a right one answers.
    package mutating func spoiledAnswer(of fault: Fault, in pair: LayoutPair) -> EngineAnswer? {
        let request = request(in: pair)
        let spoiled = FaultyEngine(fault).spoiledAnswer(to: request) { right(in: pair).sums }
        guard let spoiled, !spoiled.isSame(as: right(in: pair).answer) else { return nil }
        return spoiled
    }

    /// Whether an engine that answers so fails the case.
    package func accuses(_ answer: EngineAnswer) -> Bool {
        verdict(on: answer).status.isFailure
    }

    private func verdict(on answer: EngineAnswer) -> Verdict {
        judge.verdict(on: answer, to: golden, capabilities: Capabilities())
    }

    private mutating func request(in pair: LayoutPair) -> EngineRequest {
        if let request = requests[pair] { return request }
        let request = golden.request(in: pair)
        requests[pair] = request
        return request
    }

    /// Which of the answers that the case leaves open the right engine gives.
    private mutating func rightRemark(in pair: LayoutPair) -> String? {
        golden.output?.alternatives == nil ? nil : verdict(on: right(in: pair).answer).remark
    }

    private mutating func right(in pair: LayoutPair) -> (answer: EngineAnswer, sums: RightSums?) {
        if let known = right[pair] { return known }
        let request = request(in: pair)
        var sums: RightSums?
        let answer = EngineAnswer {
            guard let (input, filter, bias) = request.float32 else {
                return try FaultableSums(request.problem, request.operands).computed()
            }
            let convolution = try FaultyEngine.right(request.problem, input: input, filter: filter, bias: bias)
            sums = RightSums(convolution)
            return .float32(convolution.computed(like: sums))
        }
        right[pair] = (answer, sums)
        return (answer, sums)
    }
}

extension EngineRequest {
    /// The tensors that the bank's loops for forward convolutions in float32 take; `nil` of another operation or type.
    fileprivate var float32: (input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?)? {
        problem.isFloat32Forward ? operands.float32 : nil
    }
}

extension FaultyEngine {
    /// The answer where the fault shows, or `nil` where the engine does what a right one does.
    fileprivate func spoiledAnswer(to request: EngineRequest, like right: () -> RightSums?) -> EngineAnswer? {
        var isRight = false
        let answer = EngineAnswer {
            let spoiled: AnyTensor?
            if let (input, filter, bias) = request.float32 {
                spoiled = try self.spoiled(request.problem, input: input, filter: filter, bias: bias, like: right)
                    .map { .float32($0) }
            } else {
                spoiled = try self.spoiled(request.problem, request.operands)
            }
            isRight = spoiled == nil
            return spoiled ?? .float32(Tensor(repeating: 0, shape: [0, 0, 0, 0]))
        }
        return isRight ? nil : answer
    }
}

extension EngineAnswer {
    /// What an engine that runs in this thread answers.
    fileprivate init(_ compute: () throws -> AnyTensor) {
        do {
            self = .output(try compute())
        } catch let invalid as InvalidProblem {
            self = .rejected(invalid.reason)
        } catch {
            self = .error("\(error)")
        }
    }

    /// Whether both are rejections, or outputs that agree in every bit.
    fileprivate func isSame(as other: EngineAnswer) -> Bool {
        switch (self, other) {
        case (.rejected, .rejected): true
        case (.output(let first, _), .output(let second, _)) where first.type != .float32 || second.type != .float32:
            first.shape == second.shape && first.reordered(to: second.order).bytes == second.bytes
        case (.output(.float32(let first), _), .output(.float32(let second), _)):
            first.shape == second.shape
                && first.reordered(to: second.order).elements.elementsEqual(second.elements) {
                    $0.bitPattern == $1.bitPattern
                }
        default: false
        }
    }
}
