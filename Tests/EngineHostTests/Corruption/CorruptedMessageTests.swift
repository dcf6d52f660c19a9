import Conformance
import Convolution
import Foundation
import Testing
import _TestSupport

@testable import EngineHost

/// A thousand spoiled messages: each is understood as what it says, or refused with words.
struct CorruptedMessageTests {
    private static let id = 7

    /// A request of each operation and type, with its answer.
    private static let exchanges = Result {
        try TypedRequests.problems.enumerated().map { place, problem in
            let request = try TypedRequests.request(
                problem, layouts: place % 2 == 0 ? .golden : LayoutPair(.nchw, .oihw))
            let role = problem.operation.answer
            let tensor = try definition(request.problem, request.operands).reordered(
                to: role.order(in: request.layouts))
            return (request: request, tensor: tensor)
        }
    }

    private static let computation = Computation(
        algorithm: .winograd, tile: Extent(height: 4, width: 2), arithmetic: .tf32, implementation: "w42")

    /// What stands in a file, as an engine's stream.
    private static func channel(of bytes: [UInt8]) throws -> MessageChannel {
        let file = try #require(tmpfile())
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
        rewind(file)
        return MessageChannel(reading: Descriptor(owning: dup(fileno(file))), writing: try Descriptor.null())
    }

    private func expectWords(_ failure: ExchangeFailure, _ number: Int) {
        #expect((5...4_010).contains(failure.text.utf8.count), "message \(number): \(failure.text.prefix(300))")
    }

    @Test func `An answer is understood as what it says, or refused with words`() throws {
        let exchanges = try Self.exchanges.get()
        var (understood, refused) = (0, 0)
        for number in 0..<1_000 {
            var random = RandomNumbers(seed: UInt64(number))
            let (request, tensor) = exchanges[number % exchanges.count]
            let kinds: [Reply] =
                [.unsupported, .rejected, .refused].map { Reply($0, id: Self.id, reason: "no \"such\" kernel") }
                + [Reply(.error, id: Self.id, message: "too hot")]
            let result = Reply(
                id: Self.id, TensorHeader(request.problem.operation.answer, tensor),
                number % 3 == 0 ? Self.computation : Computation())
            let isResult = number % 7 != 0
            let line = Wire.line(isResult ? result : kinds[number / 7 % kinds.count])
            let corruption = Corruption.allCases[number % Corruption.allCases.count]
            let message = corruption.applied(to: line, isResult ? [UInt8](tensor.bytes) : [], &random)
            do {
                let channel = try Self.channel(of: message.bytes)
                let answer = try channel.answer(to: request, id: Self.id)
                try channel.expectSilence()
                understood += 1
                if case .refused = message.fate {
                    Issue.record("message \(number) (\(corruption)) was understood as \(answer.words)")
                }
                guard case .output(let got, let computation) = answer else { continue }
                let body = message.bytes.drop { $0 != 10 }.dropFirst()
                #expect([UInt8](got.bytes) == [UInt8](body), "message \(number) (\(corruption))")
                #expect(got.type == request.problem.answerType)
                // What reports and the judge do with it.
                #expect(got.reordered(to: .logical).count == got.count)
                #expect(computation.tile.map { min($0.height, $0.width) } ?? 1 >= 1)
            } catch let failure as ExchangeFailure {
                refused += 1
                expectWords(failure, number)
                if case .understood = message.fate, isResult {
                    Issue.record("message \(number) (\(corruption)): \(failure.text)")
                }
            }
        }
        #expect(understood > 100 && refused > 500, "\(understood) understood, \(refused) refused")
    }

    @Test func `A greeting is understood as what it says, or refused with words`() throws {
        var full = Capabilities(
            inputLayouts: [.nchw, .nhwc], filterLayouts: [.ohwi], groups: false, negativePads: true,
            operations: [.filterGradient, .forward], types: [.bfloat16, .uint8], quantization: true,
            algorithm: .winograd,
            tile: Extent(height: 2, width: 32), arithmetic: .tf32, alignment: 64, views: true)
        (full.strides, full.integerBits) = (false, 24)
        let line = Wire.line(HelloReply(engine: .init(name: "mine", version: "1.0"), capabilities: .init(full)))
        var understood = 0
        for number in 0..<1_000 {
            var random = RandomNumbers(seed: UInt64(10_000 + number))
            let corruption = Corruption.allCases[number % Corruption.allCases.count]
            let message = corruption.applied(to: line, [], &random)
            do {
                let greeting = try Self.channel(of: message.bytes).greeting()
                understood += 1
                #expect(!greeting.engine.name.isEmpty)
                guard let capabilities = greeting.capabilities?.capabilities else { continue }
                #expect(
                    !capabilities.layouts.isEmpty && !capabilities.types.isEmpty && !capabilities.operations.isEmpty)
                #expect(1...Capabilities.mostAlignment ~= capabilities.alignment)
                #expect(1...Capabilities.mostIntegerBits ~= capabilities.integerBits)
                #expect(capabilities.tile.map { 1...1024 ~= $0.height && 1...1024 ~= $0.width } ?? true)
            } catch let failure as ExchangeFailure {
                expectWords(failure, number)
            }
        }
        #expect(100..<900 ~= understood, "\(understood) understood")
    }

    /// A library shares its process with what speaks for it, and may write there what it likes.
    @Test func `A worker's answer is understood as what it says, or refused with words`() throws {
        let exchanges = try Self.exchanges.get()
        let touch = MemoryTouch(.read, .behind, "input", distance: 12)
        let numbers = [0, -1, 1, 2, 5, 6, 7, 1 << 20, 1 << 31, 1 << 32, 1 << 62, .max, .max - 63, .min]
        var understood = 0
        for number in 0..<1_000 {
            var random = RandomNumbers(seed: UInt64(20_000 + number))
            let (request, tensor) = exchanges[number % exchanges.count]
            let answers: [EngineAnswer] = [
                .unsupported("no"), .crash("dead"), .violation(.touchedOutside(touch)),
                .violation(.unwritten("a hole")),
            ]
            let memory = try SharedMemory()
            let answer = number % 5 == 0 ? answers[number / 5 % 4] : .output(tensor, Self.computation)
            let frame = try Frame(answer, id: Self.id, in: memory, at: 64)
            var words = [frame.words.count, frame.text.count] + frame.words
            if number % 2 == 0 { words[random.below(words.count)] = random.element(of: numbers)! }
            if number % 4 == 1 { words[random.below(words.count)] ^= 1 << random.below(64) }
            var bytes = words.withUnsafeBytes { [UInt8]($0) } + frame.text
            if number % 8 == 3 { bytes.removeLast(1 + random.below(bytes.count)) }
            if number % 8 == 7 { bytes.insert(UInt8(random.below(256)), at: random.below(bytes.count)) }
            do {
                let channel = try Self.channel(of: bytes)
                let got = try channel.answer(to: request, id: Self.id, from: memory)
                understood += 1
                #expect(!got.words.text.isEmpty, "answer \(number)")
                if case .violation(.touchedOutside(let touch)) = got {
                    #expect(touch.distance >= 0, "answer \(number)")
                }
                guard case .output(let tensor, let computation) = got else { continue }
                #expect(tensor.count * tensor.type.size <= 1 << 16, "answer \(number)")
                #expect(tensor.reordered(to: .logical).count == tensor.count)
                #expect(
                    computation.tile.map { 1...1024 ~= $0.height && 1...1024 ~= $0.width } ?? true, "answer \(number)")
            } catch let failure as ExchangeFailure {
                expectWords(failure, number)
            }
        }
        #expect(100..<900 ~= understood, "\(understood) understood")
    }
}
