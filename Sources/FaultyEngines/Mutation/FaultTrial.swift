package import Conformance
package import Convolution

/// One golden case, tried on many faults.
package struct FaultTrial {
    /// What a fault came to on the case.
    struct Finding {
        var isShown = false
        var isKilled = false
        /// Whether it passes, but with another of the answers that the case leaves open than the right engine.
        var isReported = false
        /// The largest error over allowance, where every error that caught the fault is finite.
        var ratio: Double?
    }

    /// What the engine without a fault does.
    private struct Right {
        let answer: EngineAnswer
        /// The sums behind it, in float32 forward.
        var sums: RightSums?
        /// Of every other operation and type: what a fault spoils. `nil` where the problem is invalid.
        var unspoiled: FaultableSums?
    }

    /// Says no more of an answer than whether it fails, and how far.
    private var trial: Trial
    private let judge: Judge
    /// By layout, made as they are needed.
    private var right: [LayoutPair: Right] = [:]
    /// The same case for faults of float32 alone; made when it is first needed, in a box since a trial cannot hold itself.
    private var twin: Twin?

    private enum Twin {
        case none
        indirect case some(Float32Twin, FaultTrial)
    }

    package init(_ golden: GoldenCase, judge: Judge = Judge()) {
        self.judge = judge
        var brief = judge
        brief.isBrief = true
        trial = Trial(golden, judge: brief)
    }

    package var golden: GoldenCase { trial.golden }

    /// The verdict with which the case accuses the engine without a fault, or `nil` where it does not.
    mutating func falseAlarm(in layouts: [LayoutPair]) -> KillMatrix.FalseAlarm? {
        for pair in layouts {
            let answer = right(in: pair).answer
            if verdict(on: answer).status != .pass {
                let verdict = judge.verdict(on: answer, to: golden, capabilities: Capabilities())
                return KillMatrix.FalseAlarm(header: golden.header, layouts: pair, verdict: verdict)
            }
        }
        return nil
    }

    /// What becomes of an engine with a fault.
    mutating func finding(of engine: FaultyEngine, in layouts: [LayoutPair]) -> Finding {
        var finding = Finding()
        for pair in layouts {
            guard let spoiled = spoiledAnswer(of: engine, in: pair) else { continue }
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

    /// An answer with a mistake, and the floating-point type in which its sums were made.
    package struct Spoiled {
        package let answer: EngineAnswer
        package let precision: ElementType
    }

    /// What an engine with a fault answers to its first request, or `nil` where that is what a right one answers.
    ///
    /// A fault of forward convolutions in float32 is tried on those of other types as well, by their ``Float32Twin``.
    package mutating func spoiledAnswer(of fault: Fault, in pair: LayoutPair) -> Spoiled? {
        let problem = golden.header.problem
        if fault.ofSums == nil, problem.operation == .forward, !problem.isFloat32Forward {
            if twin == nil {
                twin = Float32Twin(golden).map { .some($0, FaultTrial($0.golden)) } ?? Twin.none
            }
            guard case .some(let inOtherTypes, var trial)? = twin else { return nil }
            // Taken out, so that what the trial keeps is not copied.
            twin = nil
            defer { twin = .some(inOtherTypes, trial) }
            return trial.spoiledAnswer(of: FaultyEngine(fault), in: pair).map {
                Spoiled(answer: inOtherTypes.answer($0), precision: .float32)
            }
        }
        let isDouble = problem.types[problem.operation.answer] == .float64
        return spoiledAnswer(of: FaultyEngine(fault), in: pair).map {
            Spoiled(answer: $0, precision: isDouble ? .float64 : .float32)
        }
    }

    /// What an engine with a fault answers now, after all that it was asked before, or `nil` where that is what a right one
    /// answers. Faults of forward convolutions in float32 show at these alone.
    package mutating func spoiledAnswer(of engine: FaultyEngine, in pair: LayoutPair) -> EngineAnswer? {
        let request = trial.request(in: pair)
        var isRight = false
        let answer = EngineAnswer {
            let spoiled: AnyTensor?
            if let (input, filter, bias) = request.float32 {
                spoiled = try engine.spoiled(request.problem, input: input, filter: filter, bias: bias) {
                    right(in: pair).sums
                }.map { .float32($0) }
            } else {
                // A fault in sums is no fault in whether a problem is valid.
                spoiled = right(in: pair).unspoiled.flatMap { engine.spoiled($0) }
            }
            isRight = spoiled == nil
            return spoiled ?? .float32(Tensor(repeating: 0, shape: [0, 0, 0, 0]))
        }
        return isRight || answer.isSame(as: right(in: pair).answer) ? nil : answer
    }

    /// Whether an engine that answers so fails the case.
    package func accuses(_ answer: EngineAnswer) -> Bool {
        verdict(on: answer).status.isFailure
    }

    private func verdict(on answer: EngineAnswer) -> Verdict {
        trial.verdict(on: answer, capabilities: Capabilities())
    }

    /// Which of the answers that the case leaves open the right engine gives.
    private mutating func rightRemark(in pair: LayoutPair) -> String? {
        golden.output?.alternatives == nil ? nil : verdict(on: right(in: pair).answer).remark
    }

    private mutating func right(in pair: LayoutPair) -> Right {
        if let known = right[pair] { return known }
        let request = trial.request(in: pair)
        var (sums, unspoiled): (RightSums?, FaultableSums?)
        let answer = EngineAnswer {
            guard let (input, filter, bias) = request.float32 else {
                let right = try FaultableSums(request.problem, request.operands)
                unspoiled = right
                return right.computed()
            }
            let convolution = try FaultyEngine.right(request.problem, input: input, filter: filter, bias: bias)
            sums = RightSums(convolution)
            return .float32(convolution.computed(like: sums))
        }
        let made = Right(answer: answer, sums: sums, unspoiled: unspoiled)
        right[pair] = made
        return made
    }
}

extension EngineRequest {
    /// The tensors that the bank's loops for forward convolutions in float32 take; `nil` of another operation or type.
    fileprivate var float32: (input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?)? {
        problem.isFloat32Forward ? operands.float32 : nil
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
    package func isSame(as other: EngineAnswer) -> Bool {
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
