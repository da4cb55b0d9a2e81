import Glibc

/// libFuzzer's own main (https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library).
@_silgen_name("LLVMFuzzerRunDriver")
private func runLibFuzzer(
  _ argumentCount: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ take: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Where SwiftPM has the program `fuzz` start. What it fuzzes is named by `FUZZ_TARGET`.
@_cdecl("fuzz_main")
func startFuzzing(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (argumentCount, arguments) = (argumentCount, arguments)
  guard FuzzTarget.named != nil else {
    print("FUZZ_TARGET must be one of:", FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
    return 64
  }
  return runLibFuzzer(&argumentCount, &arguments) { start, count in
    FuzzTarget.named?.take(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
  }
}

extension FuzzTarget {
  fileprivate static let named = getenv("FUZZ_TARGET").flatMap { FuzzTarget(rawValue: String(cString: $0)) }

  /// Ends the process if the input shows a bug, which is how libFuzzer learns of one.
  fileprivate func take(_ input: [UInt8]) {
    do { try check(input) } catch { fatalError("\(self): \(error)") }
  }
}
