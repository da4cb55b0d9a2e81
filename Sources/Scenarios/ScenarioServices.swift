package import AWSServices

/// AWS as a run talks to it.
package struct ScenarioServices {
  let client: AWSClient
  let iam: IAM
  let sts: STS
  let s3: S3

  package init(_ client: AWSClient) {
    self.client = client
    iam = IAM(client)
    sts = STS(client)
    s3 = S3(client)
  }
}
