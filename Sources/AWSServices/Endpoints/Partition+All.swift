extension Partition {
  static let all = [aws, china, sovereign, iso, isoB, isoE, isoF, govCloud]

  static let aws = Partition(
    id: "aws", defaultRegion: "us-east-1",
    regionPrefixes: ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
    suffix: "amazonaws.com", dualStack: "api.aws",
    iam: IAMHosts(
      plain: "iam.amazonaws.com", fips: "iam-fips.amazonaws.com", dualStack: "iam.global.api.aws",
      fipsDualStack: "iam-fips.global.api.aws"))

  private static let china = Partition(
    id: "aws-cn", defaultRegion: "cn-north-1", regionPrefixes: ["cn"],
    suffix: "amazonaws.com.cn", dualStack: "api.amazonwebservices.com.cn",
    iam: IAMHosts(
      plain: "iam.cn-north-1.amazonaws.com.cn", fips: "iam-fips.amazonaws.com.cn",
      dualStack: "iam.global.api.amazonwebservices.com.cn", fipsDualStack: "iam-fips.api.amazonwebservices.com.cn"))

  private static let sovereign = Partition(
    id: "aws-eusc", defaultRegion: "eusc-de-east-1", regionPrefixes: ["eusc-de"],
    suffix: "amazonaws.eu", dualStack: "api.amazonwebservices.eu",
    iam: IAMHosts(
      plain: "iam.eusc-de-east-1.amazonaws.eu", fips: "iam-fips.amazonaws.eu",
      dualStack: "iam.api.amazonwebservices.eu", fipsDualStack: "iam-fips.api.amazonwebservices.eu"))

  private static let iso = Partition(
    id: "aws-iso", defaultRegion: "us-iso-east-1", regionPrefixes: ["us-iso"],
    suffix: "c2s.ic.gov", dualStack: "api.aws.ic.gov",
    iam: IAMHosts(
      plain: "iam.us-iso-east-1.c2s.ic.gov", fips: "iam-fips.us-iso-east-1.c2s.ic.gov",
      dualStack: "iam.api.aws.ic.gov", fipsDualStack: "iam-fips.api.aws.ic.gov"))

  private static let isoB = Partition(
    id: "aws-iso-b", defaultRegion: "us-isob-east-1", regionPrefixes: ["us-isob"],
    suffix: "sc2s.sgov.gov", dualStack: "api.aws.scloud",
    iam: IAMHosts(
      plain: "iam.us-isob-east-1.sc2s.sgov.gov", fips: "iam-fips.us-isob-east-1.sc2s.sgov.gov",
      dualStack: "iam.api.aws.scloud", fipsDualStack: "iam-fips.api.aws.scloud"))

  private static let isoE = Partition(
    id: "aws-iso-e", defaultRegion: "eu-isoe-west-1", regionPrefixes: ["eu-isoe"],
    suffix: "cloud.adc-e.uk", dualStack: "api.cloud-aws.adc-e.uk",
    iam: IAMHosts(
      plain: "iam.eu-isoe-west-1.cloud.adc-e.uk", fips: "iam-fips.cloud.adc-e.uk",
      dualStack: "iam.api.cloud-aws.adc-e.uk", fipsDualStack: "iam-fips.api.cloud-aws.adc-e.uk"))

  private static let isoF = Partition(
    id: "aws-iso-f", defaultRegion: "us-isof-south-1", regionPrefixes: ["us-isof"],
    suffix: "csp.hci.ic.gov", dualStack: "api.aws.hci.ic.gov",
    iam: IAMHosts(
      plain: "iam.us-isof-south-1.csp.hci.ic.gov", fips: "iam-fips.csp.hci.ic.gov",
      dualStack: "iam.api.aws.hci.ic.gov", fipsDualStack: "iam-fips.api.aws.hci.ic.gov"))

  private static let govCloud = Partition(
    id: "aws-us-gov", defaultRegion: "us-gov-west-1", regionPrefixes: ["us-gov"],
    suffix: "amazonaws.com", dualStack: "api.aws",
    iam: IAMHosts(
      plain: "iam.us-gov.amazonaws.com", fips: "iam.us-gov.amazonaws.com", dualStack: "iam.us-gov.api.aws",
      fipsDualStack: "iam.us-gov.api.aws"))
}
