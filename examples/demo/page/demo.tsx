import '../../../lib/inspector/page/parts/parts.css'
import './demo.css'
