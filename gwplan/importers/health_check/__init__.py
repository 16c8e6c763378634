"""The CSV files of the Veeam Health Check and of the older Get-VBRConfig, read into facts."""
